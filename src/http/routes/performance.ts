import { measure } from "../../market/performance/measure.ts";
import type { HttpDeps } from "../deps.ts";
import { measuredOf } from "../performance.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/performance.ts";

/** How the account did, by every definition there is. */
export function performanceRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/performance",
      tag: "Trading",
      access: "viewer",
      summary: "Figures of a period, each with its value or the reason why there is none",
      query: schema.performanceQuery,
      answers: { 200: schema.performanceFigures },
      handle: ({ query: { period } }) => {
        const picture = deps.view.picture();
        const measured = measuredOf(picture, period, deps.clock.nowMs());
        const { from, to } = measured;
        const currency = picture.account?.currency ?? null;
        const figures = measure(measured);
        return reply(200, { period, from, to, currency, asOf: picture.asOf, figures });
      },
    }),
  ];
}
