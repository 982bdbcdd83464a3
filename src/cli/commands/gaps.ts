import { type Command, Option } from "commander";
import { gaps } from "../../http/schemas/candles.ts";
import type { Series } from "../../market/series.ts";
import { rowLimit, seriesOption } from "../options.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

interface Options {
  readonly limit: number;
  readonly series?: Series;
  readonly state?: string;
}

const STATES = ["pending", "missing", "empty", "healed"];

export function addGaps(program: Command, session: Session): void {
  program
    .command("gaps")
    .description("candles that did not come, and what became of them")
    .option("--limit <rows>", "how many at most", rowLimit, 50)
    .option("--series <series>", "only of exchange:PAIR:timeframe", seriesOption)
    .addOption(new Option("--state <state>", "only those in this state").choices(STATES))
    .action(async (options: Options, command: Command) => {
      const query = { limit: options.limit, state: options.state, ...options.series };
      const answer = await session.hub().get("/api/v1/gaps", gaps, query);
      session.show(answer, command, (value) =>
        table(
          [
            { title: "exchange", of: (row) => row.exchange },
            { title: "pair", of: (row) => row.pair },
            { title: "timeframe", of: (row) => row.timeframe },
            { title: "candle opened", of: (row) => instant(row.openTime) },
            { title: "state", of: (row) => row.state },
            { title: "attempts", of: (row) => row.attempts },
            { title: "discarded", of: (row) => instant(row.discardedAt) },
            { title: "settled", of: (row) => instant(row.settledAt) },
            { title: "reason", of: (row) => row.reason },
          ],
          value.gaps,
        ),
      );
    });
}
