import { closeTimeOf } from "../../market/timeframe.ts";
import { type Origin, originOf, traceIdOf } from "../../market/trace.ts";
import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { HttpProblem } from "../problem.ts";
import { type Route, reply, route } from "../route.ts";
import * as logSchema from "../schemas/logs.ts";
import * as schema from "../schemas/trace.ts";
import { stepsOf, timingsOf } from "../story.ts";

const common = { method: "get", tag: "Operations", access: "viewer" } as const;

/** What came of a candle, and the lines written meanwhile. */
export function traceRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      ...common,
      path: "/api/v1/trace/:id",
      summary: "A candle and all that came of it, by its trace id or by a signal or order in it",
      params: schema.traceParams,
      answers: { 200: schema.trace },
      problems: [404],
      handle: async ({ params: { id } }) => reply(200, await storyOf(deps, id)),
    }),
    route({
      ...common,
      path: "/api/v1/logs",
      summary: "The newest log lines, newest first",
      query: logSchema.logQuery,
      answers: { 200: logSchema.logs },
      handle: ({ query: { level = "trace", actor, trace, limit } }) => {
        const least = logSchema.LEVELS.indexOf(level);
        const lines = deps
          .logs()
          .filter((line) => logSchema.LEVELS.indexOf(line.level) >= least)
          .filter(({ source }) => actor === undefined || source === actor)
          .filter(({ traceId }) => trace === undefined || traceId === trace)
          .toSorted((a, b) => b.seq - a.seq);
        return reply(200, { logs: lines.slice(0, limit) });
      },
    }),
  ];
}

async function storyOf(deps: HttpDeps, id: string) {
  const { trade, traces } = deps.store;
  const origin: Origin | undefined =
    originOf(id) ?? (await read(deps, "the origin", trade.origin(id)));
  if (origin === undefined) throw new HttpProblem(404, `Nothing here is called ${id}.`);
  const story = await read(deps, "the story", traces.story(origin));
  if (story.candle === null && story.gap === null && story.signals.length === 0) {
    throw new HttpProblem(404, `The hub knows nothing of the candle ${id}.`);
  }
  const traceId = traceIdOf(origin);
  return {
    ...origin,
    ...story,
    traceId,
    closeTime: closeTimeOf(origin.series.timeframe, origin.openTime),
    steps: stepsOf(origin, story),
    timings: timingsOf(origin, story),
    signals: story.signals.map(({ seq, signal, verdict }) => ({ ...signal, seq, verdict })),
    logs: deps
      .logs()
      .filter((line) => line.traceId === traceId)
      .toSorted((a, b) => a.seq - b.seq),
  };
}
