import type { Command } from "commander";
import type { z } from "zod";
import { reconciliation } from "../../http/schemas/reconciliation.ts";
import { scopeKey } from "../../market/halt.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

type Reconciliation = z.output<typeof reconciliation>;
type Quarantined = Reconciliation["quarantined"][number];

/** `hub reconciliation`: whether the books say what the broker says. */
export function addReconciliation(program: Command, session: Session): void {
  program
    .command("reconciliation")
    .description("whether the hub's books say what the broker says, and which pairs wait for you")
    .action(async (_options: object, command: Command) => {
      const answer = await session.hub().get("/api/v1/reconciliation", reconciliation);
      session.show(answer, command, page);
    });
}

function page({ last, failing, quarantined }: Reconciliation): string {
  const lines = [
    last === null
      ? "not compared yet by this hub"
      : `compared at ${instant(last.at)}: ${String(last.positions)} positions, ` +
        `${String(last.orders)} orders under way, ${String(last.mismatches)} pairs differ`,
  ];
  if (failing !== null) {
    lines.push(`cannot be compared since ${instant(failing.since)}: ${failing.reason}`);
  }
  if (quarantined.length === 0) return [...lines, "no pair is in quarantine"].join("\n");
  const list = table(
    [
      { title: "in quarantine", of: ({ scope }: Quarantined) => scopeKey(scope) },
      { title: "since", of: ({ at }: Quarantined) => instant(at) },
      { title: "reason", of: ({ reason }: Quarantined) => reason },
    ],
    quarantined,
  );
  const advice =
    "settle the difference at the broker, then: hub resume --exchange <id> --pair <pair>";
  return [...lines, list, advice].join("\n");
}
