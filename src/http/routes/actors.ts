import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import { actorNode } from "../schemas/actors.ts";

export function actorRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/actors",
      tag: "Operations",
      summary: "The tree of actors: state, restarts, mailboxes",
      access: "viewer",
      answers: { 200: actorNode },
      handle: () => reply(200, deps.tree()),
    }),
  ];
}
