import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/store.ts";

export function storeRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/store",
      tag: "Operations",
      summary: "Rows and bytes of everything that is kept",
      access: "viewer",
      query: schema.storeQuery,
      answers: { 200: schema.storeFigures },
      handle: async ({ query: { months = false } }) => {
        const figures = deps.store.upkeep.figures({ months });
        return reply(200, await read(deps, "the size of the store", figures));
      },
    }),
  ];
}
