import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/leases.ts";

export function leaseRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/leases",
      tag: "Operations",
      summary: "Which hub polls which exchange, and which one trades",
      access: "viewer",
      answers: { 200: schema.leases },
      handle: async () => {
        const rows = await read(deps, "leases", deps.store.leases.list());
        const leases = rows.map(({ name, holder, instance, epoch, leftMs }) => {
          const mine = leftMs > 0 && holder === deps.leases.holder;
          return { name, instance, mine, epoch, leftMs };
        });
        return reply(200, { leases });
      },
    }),
  ];
}
