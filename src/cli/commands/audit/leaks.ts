import type { Command } from "commander";
import { machineClock } from "../../../runtime/clock.ts";
import { auditLeaks, SCENARIOS } from "../../../system/audit/audit.ts";
import type { Session } from "../../session.ts";
import { describeLeaks } from "./leak-report.ts";

/** A secret came out somewhere; the command itself did its work. */
const EXIT_LEAKY = 3;

/** @param end called with the exit code when a secret came out. */
export function addAuditLeaks(audit: Command, session: Session, end: (code: number) => void): void {
  const { world } = session;
  audit
    .command("leaks")
    .description(
      `plant made-up secrets in hubs of its own, drive those in every way, and look for the secrets in all that comes out; takes a minute or two (exit code ${EXIT_LEAKY} when one is found)`,
    )
    .action(async (_options: object, command: Command) => {
      const report = await auditLeaks({
        environment: world.environment.text,
        clock: machineClock,
        scenarios: SCENARIOS,
        onStep: (line) => world.complain(line),
      });
      if (report.leaks.length > 0) end(EXIT_LEAKY);
      session.show({ json: report, value: report }, command, describeLeaks);
    });
}
