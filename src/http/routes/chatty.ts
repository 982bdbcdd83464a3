import { presentAccount } from "../chatty/account.ts";
import { chooseBroker, presentBrokers } from "../chatty/brokers.ts";
import { presentInsights } from "../chatty/insights.ts";
import { presentLogs } from "../chatty/logs.ts";
import { presentPerformance } from "../chatty/performance.ts";
import { sceneOf } from "../chatty/scene.ts";
import { presentSnapshot } from "../chatty/snapshot.ts";
import { presentHealth, presentStatus } from "../chatty/status.ts";
import { presentTrades } from "../chatty/trades.ts";
import type { HttpDeps } from "../deps.ts";
import { HttpProblem } from "../problem.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/chatty.ts";

const common = { method: "get", tag: "Chatty", access: "chatty" } as const;

/** The eleven paths of Chatty's Finance tab: answered from memory, in any state of the hub. */
export function chattyRoutes(deps: HttpDeps): readonly Route[] {
  return [...stateRoutes(deps), ...listRoutes(deps), ...brokerRoutes(deps)];
}

function stateRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      ...common,
      path: "/api/health",
      summary: "Whether the engine works, for monitoring",
      answers: { 200: schema.health },
      handle: () => reply(200, presentHealth(sceneOf(deps))),
    }),
    route({
      ...common,
      path: "/api/status",
      summary: "Badge, tiles and brokers",
      answers: { 200: schema.status },
      handle: () => reply(200, presentStatus(sceneOf(deps))),
    }),
    route({
      ...common,
      path: "/api/snapshot",
      summary: "Market panel, chart and account",
      answers: { 200: schema.snapshot },
      handle: () => reply(200, presentSnapshot(sceneOf(deps))),
    }),
    route({
      ...common,
      path: "/api/account",
      summary: "The account's figures",
      answers: { 200: schema.account },
      handle: () => reply(200, presentAccount(sceneOf(deps))),
    }),
  ];
}

function listRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      ...common,
      path: "/api/trades/history",
      summary: "Trades, newest first",
      query: schema.tradesQuery,
      answers: { 200: schema.trades },
      handle: ({ query }) => reply(200, presentTrades(sceneOf(deps), query)),
    }),
    route({
      ...common,
      path: "/api/performance",
      summary: "Result of trades closed in a period",
      query: schema.performanceQuery,
      answers: { 200: schema.performance },
      handle: ({ query: { period } }) => reply(200, presentPerformance(sceneOf(deps), period)),
    }),
    route({
      ...common,
      path: "/api/markets",
      summary: "Prediction markets; this engine has none",
      answers: { 200: schema.markets },
      handle: () => reply(200, { markets: [], live_mode: sceneOf(deps).liveMode }),
    }),
    route({
      ...common,
      path: "/api/insights",
      summary: "What is worth knowing now",
      answers: { 200: schema.insights },
      handle: () => reply(200, presentInsights(sceneOf(deps))),
    }),
    route({
      ...common,
      path: "/api/logs/recent",
      summary: "Log lines, newest first",
      query: schema.logsQuery,
      answers: { 200: schema.logs },
      handle: ({ query }) => reply(200, presentLogs(deps.logs(), query.limit)),
    }),
  ];
}

function brokerRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      ...common,
      path: "/api/brokers",
      summary: "Brokers for the dialog",
      answers: { 200: schema.brokers },
      handle: () => reply(200, presentBrokers(sceneOf(deps))),
    }),
    route({
      ...common,
      method: "post",
      path: "/api/set-active-broker",
      summary: "Chooses the broker; refused with 4xx",
      body: schema.brokerChoice,
      answers: { 200: schema.brokerChosen },
      handle: ({ body }) => {
        const choice = chooseBroker(sceneOf(deps), body.broker_id);
        if (choice.kind === "unknown") throw refused(404, "unknown broker");
        if (choice.kind === "unconfigured") throw refused(409, `${choice.name} is not configured`);
        if (choice.kind === "unarmed") {
          throw refused(409, `${choice.name} is configured, and not armed for real orders`);
        }
        return reply(200, { success: true, active_broker_id: choice.id });
      },
    }),
  ];
}

/** Chatty's client reads the status code; its people read `message`. */
function refused(status: number, message: string): HttpProblem {
  return new HttpProblem(status, message, { members: { success: false, message } });
}
