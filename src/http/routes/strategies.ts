import { audit } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/strategies.ts";

/** Which strategies run and why, and the wish to ask the vault now. */
export function strategyRoutes(deps: HttpDeps): readonly Route[] {
  const { strategies } = deps;
  return [
    route({
      method: "get",
      path: "/api/v1/strategies",
      tagged: true,
      tag: "Strategies",
      summary: "Strategies as they run, what made them run, and what was refused",
      access: "viewer",
      answers: { 200: schema.strategies },
      handle: () => {
        const { confirmedAgeMs, ...standing } = strategies.standing();
        const confirmedAgeSeconds = confirmedAgeMs === null ? null : confirmedAgeMs / 1_000;
        const running = strategies
          .running()
          .map((one) => ({ ...one, limits: strategies.limitsOf(one.config) }));
        return reply(200, { ...standing, confirmedAgeSeconds, strategies: running });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/strategies/refresh",
      tag: "Strategies",
      summary: "Asks the vault now which strategies shall run",
      access: "operator",
      answers: { 200: schema.refreshed },
      handle: async ({ who }) => {
        await audit(deps, who, "strategies.refresh", {});
        return reply(200, await strategies.refresh());
      },
    }),
  ];
}
