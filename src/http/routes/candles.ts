import { closeTimeOf, type Timeframe } from "../../market/timeframe.ts";
import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { HttpProblem } from "../problem.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/candles.ts";
import { nextOf } from "../schemas/common.ts";

const common = { method: "get", tag: "Market data", access: "viewer" } as const;

/** Candles and what is missing of them. */
export function candleRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      ...common,
      path: "/api/v1/candles",
      tagged: true,
      pagedBy: "from",
      summary: "Stored candles, oldest first; without `from`, the newest ones",
      query: schema.candleQuery,
      answers: { 200: schema.candles },
      handle: async ({ query: { from, to, limit, ...series } }) => {
        const end = to ?? deps.clock.nowMs();
        const start = from ?? startOf(series.timeframe, end, limit);
        if (start > end) throw reversed();
        const work = deps.store.candles.range(series, start, end, limit);
        const candles = await read(deps, "the candles", work);
        const last = candles.length < limit ? undefined : candles.at(-1);
        const following = last && new Date(closeTimeOf(series.timeframe, last.openTime));
        const next = following?.toISOString() ?? null;
        return reply(200, { series, candles, next });
      },
    }),
    route({
      ...common,
      path: "/api/v1/gaps",
      pagedBy: "cursor",
      summary: "Missing candles and what became of them, newest first",
      query: schema.gapQuery,
      answers: { 200: schema.gaps },
      handle: async ({ query: { state, limit, cursor, ...filter } }) => {
        const series = wholeSeries(filter);
        const work = deps.store.gaps.list({
          limit,
          ...(state === undefined ? {} : { state }),
          ...(cursor === undefined ? {} : { beforeId: cursor }),
          ...(series === undefined ? {} : { series }),
        });
        const gaps = await read(deps, "the gaps", work);
        return reply(200, { gaps, next: nextOf(gaps, limit, ({ id }) => id) });
      },
    }),
  ];
}

/** As far back as so many candles reach. */
function startOf(timeframe: Timeframe, end: number, limit: number): number {
  return Math.max(0, end - limit * closeTimeOf(timeframe, 0));
}

function reversed(): HttpProblem {
  const detail = "lies after `to`";
  return new HttpProblem(400, `query/from: ${detail}`, {
    errors: [{ in: "query", pointer: "/from", detail }],
  });
}

interface SeriesFilter {
  readonly exchange?: string | undefined;
  readonly pair?: string | undefined;
  readonly timeframe?: Timeframe | undefined;
}

/**
 * A series to filter by: all three of its parts or none.
 * @throws HttpProblem 400 naming the part that is missing.
 */
export function wholeSeries({ exchange, pair, timeframe }: SeriesFilter) {
  if (exchange === undefined && pair === undefined && timeframe === undefined) return undefined;
  if (exchange !== undefined && pair !== undefined && timeframe !== undefined) {
    return { exchange, pair, timeframe };
  }
  const missing = exchange === undefined ? "exchange" : pair === undefined ? "pair" : "timeframe";
  const detail = "a series is named by exchange, pair and timeframe together";
  throw new HttpProblem(400, `query/${missing}: ${detail}`, {
    errors: [{ in: "query", pointer: `/${missing}`, detail }],
  });
}
