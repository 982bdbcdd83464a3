import type { Command } from "commander";
import { leases } from "../../http/schemas/leases.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";

export function addLeases(program: Command, session: Session): void {
  program
    .command("leases")
    .description("which hub polls which exchange, and which one trades")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().get("/api/v1/leases", leases);
      session.show(answer, command, (value) =>
        table(
          [
            { title: "lease", of: ({ name }) => name },
            { title: "held by", of: holder },
            { title: "epoch", of: ({ epoch }) => epoch },
            { title: "left s", of: ({ leftMs }) => (leftMs / 1_000).toFixed(1) },
          ],
          value.leases,
        ),
      );
    });
}

function holder(lease: { mine: boolean; instance: string; leftMs: number }): string {
  if (lease.leftMs === 0) return "nobody";
  return lease.mine ? `${lease.instance} (this hub)` : lease.instance;
}
