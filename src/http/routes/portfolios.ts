import { answerOf, audit, read } from "../ask.ts";
import type { HttpDeps } from "../deps.ts";
import { type Route, reply, route } from "../route.ts";
import * as schema from "../schemas/portfolios.ts";
import { refusal } from "./watchlist.ts";

const LIMIT_MS = 20_000;
const common = { path: "/api/v1/portfolios", tag: "Watchlist" } as const;

/** Named sets of series; their union is the watchlist. */
export function portfolioRoutes(deps: HttpDeps): readonly Route[] {
  return [
    route({
      ...common,
      method: "get",
      tagged: true,
      summary: "All portfolios",
      access: "viewer",
      answers: { 200: schema.portfolios },
      handle: async () => {
        const portfolios = await read(deps, "the portfolios", deps.store.watch.portfolios());
        return reply(200, { portfolios });
      },
    }),
    route({
      ...common,
      method: "post",
      summary: "Creates a portfolio or replaces what it follows",
      access: "operator",
      body: schema.portfolioOrder,
      answers: { 200: schema.portfolio },
      handle: async ({ body: portfolio, who }) => {
        const { name, series } = portfolio;
        await audit(deps, who, "portfolio.save", { name, series: series.length });
        const order = { portfolio, by: who };
        const answer = await answerOf(
          "The commander",
          deps.commander,
          "savePortfolio",
          order,
          LIMIT_MS,
        );
        if (answer.kind === "refused") throw refusal(answer);
        return reply(200, answer.portfolio);
      },
    }),
  ];
}
