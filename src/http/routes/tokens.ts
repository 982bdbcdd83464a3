import { answerOf, audit, read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { HttpProblem, unavailable } from "../problem.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/tokens.ts";

const PATH = "/api/v1/tokens";
const LIMIT_MS = 10_000;
const common = { tag: "Operations", access: "admin" } as const;

/** Who else may ask, and until when: for admins alone. */
export function tokenRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      ...common,
      method: "get",
      path: PATH,
      summary: "Tokens, without what opens anything: those that are not revoked first",
      answers: { 200: schema.tokens },
      handle: async () => {
        return reply(200, { tokens: await read(deps, "the tokens", deps.store.tokens.list()) });
      },
    }),
    creation(deps),
    revocation(deps),
  ];
}

function creation(deps: HttpDeps): Route {
  return route({
    ...common,
    method: "post",
    path: PATH,
    summary: "Makes a token; this answer alone holds it",
    body: schema.tokenOrder,
    keyless: true,
    answers: { 201: schema.createdToken },
    handle: async ({ body, who }) => {
      await audit(deps, who, "token.create", body);
      const order = { ...body, by: who };
      const { sentinel } = deps;
      const answer = await answerOf("The sentinel", sentinel, "createToken", order, LIMIT_MS);
      switch (answer.kind) {
        case "created": {
          const token = answer.secret.use((text) => text);
          return reply(201, { ...answer.token, token });
        }
        case "name-taken":
          throw new HttpProblem(409, `There is a token named ${body.name}; revoke it first.`);
        case "too-many-tokens":
          throw new HttpProblem(409, "There are too many tokens; revoke some first.");
        case "unavailable":
          throw unavailable("The database did not take the token; it opens nothing.");
      }
    },
  });
}

function revocation(deps: HttpDeps): Route {
  return route({
    ...common,
    method: "delete",
    path: `${PATH}/:id`,
    summary: "Revokes a token for good; its event streams end",
    params: schema.tokenPath,
    answers: { 200: schema.revokedToken },
    handle: async ({ params: { id }, who }) => {
      await audit(deps, who, "token.revoke", { id });
      const order = { id, by: who };
      const { sentinel } = deps;
      const answer = await answerOf("The sentinel", sentinel, "revokeToken", order, LIMIT_MS);
      switch (answer.kind) {
        case "revoked":
          return reply(200, answer.token);
        case "unknown":
          throw new HttpProblem(404, "There is no token of this id.");
        case "unavailable":
          throw unavailable("The database did not answer: the token may still be good.");
      }
    },
  });
}
