import type { Refused, WatchAnswer } from "../../actors/commander/protocol.ts";
import { answerOf, audit } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { HttpProblem } from "../problem.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/watchlist.ts";

const PATH = "/api/v1/watchlist";
const READ_LIMIT_MS = 5_000;
/** Checking a pair asks its exchange, which may be slow. */
const CHANGE_LIMIT_MS = 20_000;
const common = { tag: "Watchlist" } as const;

/** Following series, and ceasing to, while the hub runs. */
export function watchlistRoutes(deps: HttpDeps): readonly Route[] {
  const { commander } = deps;
  return [
    route({
      ...common,
      method: "get",
      path: PATH,
      tagged: true,
      summary: "Every followed series",
      access: "viewer",
      answers: { 200: schema.watchlist },
      handle: async () => {
        const watchlist = await answerOf(
          "The commander",
          commander,
          "watchlist",
          null,
          READ_LIMIT_MS,
        );
        return reply(200, { watchlist });
      },
    }),
    route({
      ...common,
      method: "post",
      path: PATH,
      summary: "Follows a series; answers once its analyst is armed",
      access: "operator",
      body: schema.watchOrder,
      answers: { 200: schema.alreadyWatched, 201: schema.added, 202: schema.arming },
      handle: async ({ body, who }) => {
        await audit(deps, who, "watchlist.add", body);
        const order = { ...body, by: who };
        return watchReply(
          await answerOf("The commander", commander, "watch", order, CHANGE_LIMIT_MS),
        );
      },
    }),
    removal(deps),
  ];
}

function removal(deps: HttpDeps): Route {
  return route({
    ...common,
    method: "delete",
    path: `${PATH}/:exchange/:pair/:timeframe`,
    summary: "Stops following a series; its analyst is gone when the answer comes",
    access: "operator",
    params: schema.watchPath,
    answers: { 200: schema.removed },
    handle: async ({ params, who }) => {
      await audit(deps, who, "watchlist.remove", params);
      const order = { ...params, by: who };
      const answer = await answerOf(
        "The commander",
        deps.commander,
        "unwatch",
        order,
        CHANGE_LIMIT_MS,
      );
      if (answer.kind === "refused") throw refusal(answer);
      if (answer.kind === "not-watched") throw new HttpProblem(404, "This series is not followed.");
      return reply(200, { ...answer.series, removed: true });
    },
  });
}

function watchReply(answer: WatchAnswer) {
  switch (answer.kind) {
    case "added": {
      return reply(201, { ...answer.series, state: "armed", armedInMs: answer.armedInMs });
    }
    case "arming": {
      return reply(202, { ...answer.series, state: "arming", reason: answer.reason });
    }
    case "already-watched":
      return reply(200, { ...answer.series, state: "already-watched" });
    case "refused":
      throw refusal(answer);
  }
}

/** What the commander refuses, with what it would have taken. */
export function refusal({ field, message, allowed }: Refused): HttpProblem {
  return new HttpProblem(422, message, { members: { field, allowed } });
}
