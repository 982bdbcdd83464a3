import { read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/reconciliation.ts";

/** What came of comparing the books with the broker. */
export function reconciliationRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      method: "get",
      tag: "Trading",
      access: "viewer",
      path: "/api/v1/reconciliation",
      summary: "When books and broker were compared last, and which pairs are in quarantine for it",
      answers: { 200: schema.reconciliation },
      handle: async () => {
        const halts = await read(deps, "the halts", deps.store.trade.halts());
        const { last, failing } = deps.view.picture().comparison;
        const quarantined = halts.filter(({ cause }) => cause === "reconciliation");
        return reply(200, { last, failing, quarantined });
      },
    }),
  ];
}
