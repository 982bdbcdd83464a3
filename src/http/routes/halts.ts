import { scopeKey } from "../../market/halt.ts";
import { answerOf, audit, read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/halts.ts";

const LIMIT_MS = 10_000;
const common = { tag: "Trading" } as const;
const writing = { ...common, method: "post", access: "operator" } as const;

/** Holding trading back, as a whole or a part of it, and letting it go on. */
export function haltRoutes(deps: HttpDeps): readonly Route[] {
  const { gatekeeper, sentinel } = deps;
  return [
    route({
      ...common,
      method: "get",
      access: "viewer",
      path: "/api/v1/halts",
      summary: "What is held back now, and why",
      answers: { 200: schema.haltList },
      handle: async () => {
        const halts = await read(deps, "the halts", deps.store.trade.halts());
        return reply(200, { halts });
      },
    }),
    route({
      ...writing,
      path: "/api/v1/halt",
      summary:
        "Holds trading back until resumed, everything or a part; answers once it is written down",
      body: schema.haltOrder,
      urgent: true,
      answers: { 200: schema.haltState },
      handle: async ({ body: { scope, mode, reason }, who }) => {
        // A halt waits for nothing, not even for its line in the ledger.
        const detail = { scope: scopeKey(scope), mode, reason };
        sentinel.tell("record", { who, what: "trading.halt", detail });
        const order = { scope, mode, by: who, reason };
        const body = await answerOf("The gatekeeper", gatekeeper, "halt", order, LIMIT_MS);
        return reply(200, body);
      },
    }),
    route({
      ...writing,
      path: "/api/v1/resume",
      summary: "Lets trading go on, everything or what a halt of exactly this part held back",
      body: schema.resumeOrder,
      answers: { 200: schema.haltState },
      handle: async ({ body: { scope }, who }) => {
        await audit(deps, who, "trading.resume", { scope: scopeKey(scope) });
        const order = { scope, by: who };
        const body = await answerOf("The gatekeeper", gatekeeper, "resume", order, LIMIT_MS);
        return reply(200, body);
      },
    }),
  ];
}
