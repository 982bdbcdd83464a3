import { type Command, Option } from "commander";
import type { z } from "zod";
import { signals } from "../../http/schemas/signals.ts";
import { type Series, seriesKey } from "../../market/series.ts";
import { rowLimit, seriesOption } from "../options.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

interface Options {
  readonly limit: number;
  readonly series?: Series;
  readonly accepted?: true;
  readonly refused?: true;
}

export function addSignals(program: Command, session: Session): void {
  program
    .command("signals")
    .description("signals, newest first, and what the Gatekeeper said to each")
    .option("--limit <rows>", "how many at most", rowLimit, 20)
    .option("--series <series>", "only of exchange:PAIR:timeframe", seriesOption)
    .option("--accepted", "only those that may be traded")
    .addOption(new Option("--refused", "only those that may not").conflicts("accepted"))
    .action(async (options: Options, command: Command) => {
      const decision = options.accepted ? "accepted" : options.refused ? "refused" : undefined;
      const query = { limit: options.limit, decision, ...options.series };
      session.show(await session.hub().get("/api/v1/signals", signals, query), command, listed);
    });
}

type Row = z.output<typeof signals>["signals"][number];

/** Each failed check by name, and the sentence it has for people. */
function whyOf({ verdict }: Row): string {
  const failed = verdict?.checks.filter(({ passed }) => !passed) ?? [];
  return failed.map(({ check, detail }) => `${check}: ${detail}`).join("; ");
}

function listed(answer: z.output<typeof signals>): string {
  return table(
    [
      { title: "raised", of: (row: Row) => instant(row.raisedAt) },
      { title: "series", of: (row) => seriesKey(row.series) },
      { title: "strategy", of: (row) => row.strategy },
      { title: "side", of: (row) => row.side },
      { title: "price", of: (row) => row.price },
      { title: "strength", of: (row) => row.strength.toFixed(2) },
      { title: "verdict", of: (row) => row.verdict?.decision ?? "none yet" },
      { title: "why", of: whyOf },
    ],
    answer.signals,
  );
}
