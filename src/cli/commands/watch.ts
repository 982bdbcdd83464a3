import type { Command } from "commander";
import { z } from "zod";
import { added, alreadyWatched, arming, removed, watchlist } from "../../http/schemas/watchlist.ts";
import { seriesKey } from "../../market/series.ts";
import type { Session } from "../session.ts";
import { instant, table } from "../table.ts";

const PATH = "/api/v1/watchlist";
const watchAnswer = z.discriminatedUnion("state", [added, arming, alreadyWatched]);

/** `hub watch add|remove|list`: what the hub follows, changed while it runs. */
export function addWatch(program: Command, session: Session): void {
  const watch = program.command("watch").description("what the hub follows");
  addAdd(watch, session);
  addRemove(watch, session);
  watch
    .command("list")
    .description("every followed series and how it is doing")
    .action(async (_options: object, command: Command) => {
      session.show(await session.hub().get(PATH, watchlist), command, listed);
    });
}

function addAdd(watch: Command, session: Session): void {
  watch
    .command("add <exchange> <pair> <timeframe>")
    .description("follow a series from now on, e.g. hub watch add binance SOL/USDT 15m")
    .option("--portfolio <name>", "in which portfolio", "default")
    .action(
      async (
        exchange: string,
        pair: string,
        timeframe: string,
        options: { portfolio: string },
        command: Command,
      ) => {
        const order = { exchange, pair, timeframe, portfolio: options.portfolio };
        const answer = await session.hub().post(PATH, watchAnswer, order);
        session.show(answer, command, told);
      },
    );
}

function addRemove(watch: Command, session: Session): void {
  watch
    .command("remove <exchange> <pair> <timeframe>")
    .description("stop following a series in every portfolio")
    .action(
      async (
        exchange: string,
        pair: string,
        timeframe: string,
        _options: object,
        command: Command,
      ) => {
        const path = [PATH, ...[exchange, pair, timeframe].map(encodeURIComponent)].join("/");
        const answer = await session.hub().delete(path, removed);
        session.show(answer, command, (series) => `no longer following ${seriesKey(series)}`);
      },
    );
}

function told(answer: z.output<typeof watchAnswer>): string {
  const name = seriesKey(answer);
  switch (answer.state) {
    case "armed":
      return `following ${name}, armed in ${String(Math.round(answer.armedInMs))} ms`;
    case "arming":
      return `following ${name}, not armed yet: ${answer.reason}`;
    case "already-watched":
      return `${name} was followed already`;
  }
}

function listed(answer: z.output<typeof watchlist>): string {
  return table(
    [
      { title: "exchange", of: (row) => row.exchange },
      { title: "pair", of: (row) => row.pair },
      { title: "timeframe", of: (row) => row.timeframe },
      { title: "state", of: (row) => row.state },
      { title: "newest candle opened", of: (row) => instant(row.newestOpenTime) },
    ],
    answer.watchlist,
  );
}
