import { globalHalt, type Halt } from "../../market/halt.ts";
import { actorsOf, sceneOf } from "../chatty/scene.ts";
import type { HttpDeps } from "../deps.ts";
import { unavailable } from "../problem.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/operations.ts";
import type { Streams } from "../sse.ts";

const common = { method: "get", tag: "Operations", access: "viewer" } as const;

/** Status and the event stream. */
export function operationRoutes(deps: HttpDeps, streams: Streams): readonly Route[] {
  return [
    route({
      ...common,
      path: "/api/v1/status",
      summary: "The hub on one page",
      answers: { 200: schema.operatorStatus },
      handle: () => reply(200, statusOf(deps)),
    }),
    route({
      ...common,
      path: "/api/v1/events",
      summary: "Facts as they happen (server-sent events); resumes after Last-Event-ID",
      query: schema.eventQuery,
      answers: { 200: schema.textAnswer },
      produces: "text/event-stream; charset=utf-8",
      handle: ({ req, res, query, token, until }) => {
        if (req.method === "HEAD") return reply(200, "");
        if (streams.isFull) throw unavailable("Too many clients follow the event stream.");
        streams.open(res, req.get("last-event-id") || query.lastEventId, {
          token,
          until,
          trace: query.trace,
        });
        return null;
      },
    }),
  ];
}

/** What holds everything back, as short as it gets. */
function haltedOf(halts: readonly Halt[]) {
  const halt = globalHalt(halts);
  return halt === undefined ? null : { by: halt.by, reason: halt.reason, at: halt.at };
}

function leasesOf(deps: HttpDeps) {
  const standings = deps.leases.standings();
  const names = (isHeld: boolean) =>
    standings.filter((lease) => lease.isHeld === isHeld).map(({ name }) => name);
  return { held: names(true), standby: names(false) };
}

function statusOf(deps: HttpDeps) {
  const scene = sceneOf(deps);
  const { picture, equity } = scene;
  const actors = actorsOf(deps.tree);
  return {
    version: deps.version,
    mode: deps.settings.mode,
    live: scene.liveMode,
    broker: deps.broker.id,
    startedAt: deps.startedAt,
    uptimeSeconds: scene.uptimeSeconds,
    hubTime: scene.nowMs,
    store: { state: picture.storeState, reason: picture.storeReason, asOf: picture.asOf },
    vault: scene.vaultStatus,
    halted: haltedOf(picture.halts),
    halts: picture.halts,
    actors: {
      total: actors.length,
      up: actors.filter(({ state }) => state === "up").length,
      parked: scene.parked,
    },
    leases: leasesOf(deps),
    watched: picture.watched.length,
    openGaps: picture.gaps.length,
    openPositions: picture.positions.length,
    account: {
      currency: picture.account?.currency ?? "USD",
      cash: picture.account?.cash ?? null,
      reserved: picture.account?.reserved ?? null,
      equity: equity?.equity ?? null,
      openPnl: equity?.openPnl ?? null,
      exposure: equity?.exposure ?? null,
    },
  };
}
