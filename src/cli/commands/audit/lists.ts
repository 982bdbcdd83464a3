import type { Command } from "commander";
import { auditLog, secretLedger } from "../../../http/schemas/audit.ts";
import { rowLimit } from "../../options.ts";
import type { Session } from "../../session.ts";
import { instant, table } from "../../table.ts";

export function addAuditLists(audit: Command, session: Session): void {
  audit
    .command("list")
    .description("who did what, newest first")
    .option("--limit <n>", "rows at most", rowLimit, 20)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const answer = await session.hub().get("/api/v1/audit", auditLog, { limit });
      session.show(answer, command, (value) =>
        table(
          [
            { title: "time", of: ({ at }) => instant(at) },
            { title: "who", of: ({ who }) => who },
            { title: "what", of: ({ what }) => what },
            { title: "detail", of: ({ detail }) => JSON.stringify(detail) },
          ],
          value.audit,
        ),
      );
    });
  audit
    .command("secrets")
    .description("who asked for which secret and what became of it, newest first")
    .option("--limit <n>", "rows at most", rowLimit, 20)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const answer = await session.hub().get("/api/v1/audit/secrets", secretLedger, { limit });
      session.show(answer, command, (value) =>
        table(
          [
            { title: "line", of: ({ n }) => n },
            { title: "time", of: ({ at }) => instant(at) },
            { title: "who", of: ({ who }) => who },
            { title: "secret", of: ({ secret }) => secret },
            { title: "for", of: ({ purpose }) => purpose },
            { title: "outcome", of: ({ event }) => event },
            { title: "why", of: ({ reason }) => reason ?? null },
          ],
          value.entries,
        ),
      );
    });
}
