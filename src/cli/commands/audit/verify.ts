import type { Command } from "commander";
import { loadSettings } from "../../../config/load.ts";
import { verifySecretLedger } from "../../../system/ledger.ts";
import { withDatabase } from "../../database.ts";
import type { Session } from "../../session.ts";
import { existingVault } from "../../vault.ts";

/** Something was altered; the command itself did its work. */
const EXIT_ALTERED = 3;

interface Report {
  readonly auditLog: { readonly rows: number; readonly broken: number | null };
  readonly secretLedger: Awaited<ReturnType<typeof verifySecretLedger>>;
}

export function addAuditVerify(
  audit: Command,
  session: Session,
  end: (code: number) => void,
): void {
  audit
    .command("verify")
    .description(
      `prove that no line of the audit log and of the ledger of secrets was altered, removed, moved or cut off (exit code ${EXIT_ALTERED} when one was)`,
    )
    .action(async (_options: object, command: Command) => {
      const { dataDir } = loadSettings(session.world.environment).settings;
      const box = await existingVault(session);
      const report = await withDatabase(session, async ({ store: { pulse } }): Promise<Report> => {
        const auditLog = await pulse.verifyAudit();
        return { auditLog, secretLedger: await verifySecretLedger(dataDir, box, pulse) };
      });
      const isSound = report.auditLog.broken === null && report.secretLedger.broken === null;
      if (!isSound) end(EXIT_ALTERED);
      session.show({ json: report, value: report }, command, describe);
    });
}

function describe({ auditLog, secretLedger }: Report): string {
  const { lines, anchors, broken } = secretLedger;
  return [
    auditLog.broken === null
      ? `audit log: none of ${auditLog.rows} lines altered`
      : `audit log: ALTERED at or before line ${auditLog.broken}`,
    broken === null
      ? `ledger of secrets: none of ${lines} lines altered; notes of it in the audit log that agree: ${anchors}`
      : `ledger of secrets: ALTERED at line ${broken.line}: ${broken.reason}`,
  ].join("\n");
}
