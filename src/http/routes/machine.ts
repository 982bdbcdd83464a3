import { actorsOf, isUp } from "../chatty/scene.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/operations.ts";

const common = { method: "get", tag: "Machine", access: "open" } as const;
/** Without these there is no trading hub. */
const NEEDED = ["sentinel", "architect", "gatekeeper", "trader", "commander"];

/** What machines read: probes, metrics, the description of this API. */
export function machineRoutes(deps: HttpDeps, describe: () => object): readonly Route[] {
  return [
    route({
      ...common,
      path: "/healthz",
      summary: "The process is alive",
      answers: { 200: schema.alive },
      handle: () => reply(200, { status: "ok" }),
    }),
    route({
      ...common,
      path: "/readyz",
      summary: "The hub can do its work",
      answers: { 200: schema.readiness, 503: schema.readiness },
      handle: () => {
        const body = readinessOf(deps);
        return body.ready ? reply(200, body) : reply(503, body);
      },
    }),
    route({
      ...common,
      path: "/metrics",
      summary: "For Prometheus; from loopback, or with a token",
      access: "scrape",
      answers: { 200: schema.textAnswer },
      produces: deps.scrape.contentType,
      handle: async () => reply(200, await deps.scrape.text()),
    }),
    route({
      ...common,
      path: "/openapi.json",
      tagged: true,
      summary: "This API as OpenAPI 3.1",
      answers: { 200: schema.anyObject },
      handle: () => reply(200, { ...describe() }),
    }),
    route({
      ...common,
      path: "/",
      summary: "Where things are",
      answers: { 200: schema.index },
      handle: () => reply(200, indexOf(deps.version)),
    }),
  ];
}

function readinessOf(deps: HttpDeps) {
  const actors = actorsOf(deps.tree);
  const states = NEEDED.map((name) => [name, isUp(actors, name) ? "up" : "down"] as const);
  const store = deps.view.picture().storeState;
  const ready = store === "ok" && states.every(([, state]) => state === "up");
  return { ready, store, actors: Object.fromEntries(states) };
}

function indexOf(version: string) {
  const links = {
    description: "/openapi.json",
    health: "/api/health",
    status: "/api/v1/status",
    events: "/api/v1/events",
    metrics: "/metrics",
    ready: "/readyz",
  };
  return { name: "Oracle Trading Hub", version, links };
}
