import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/audit.ts";
import { nextOf } from "../schemas/common.ts";

/** Who did what, and who had which secret: for admins alone, since it shows how the hub is defended. */
export function auditRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/audit",
      pagedBy: "cursor",
      tag: "Operations",
      summary: "Who did what, newest first",
      access: "admin",
      query: schema.auditQuery,
      answers: { 200: schema.auditLog },
      handle: async ({ query: { limit, cursor } }) => {
        const audit = await read(deps, "the ledger", deps.store.pulse.auditLog(limit, cursor));
        return reply(200, { audit, next: nextOf(audit, limit, ({ id }) => id) });
      },
    }),
    route({
      method: "get",
      path: "/api/v1/audit/secrets",
      pagedBy: "cursor",
      tag: "Operations",
      summary: "Who asked for which secret and what became of it, newest first",
      access: "admin",
      query: schema.auditQuery,
      answers: { 200: schema.secretLedger },
      handle: ({ query: { limit, cursor } }) => {
        const entries = deps.vault.ledger(limit, cursor);
        return reply(200, { entries, next: nextOf(entries, limit, ({ n }) => n) });
      },
    }),
  ];
}
