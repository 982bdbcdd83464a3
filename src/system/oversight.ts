import type { Oversight } from "../actors/trader/overseer.ts";
import type { Settings } from "../config/settings.ts";
import type { RiskLimits } from "../risk/limits.ts";
import type { Exchanges } from "./exchanges.ts";

/** What the trader watches to halt by itself, of the exchanges as they are each time. */
export function oversightOf(
  { automaticHalts }: Pick<Settings, "automaticHalts">,
  limits: RiskLimits,
  exchanges: Pick<Exchanges, "all">,
  staleness: (exchange: string) => string | null | undefined,
): Oversight {
  return {
    limits,
    modes: automaticHalts,
    exchanges: () =>
      exchanges.all().map((market) => {
        const measured = market.clockOffset();
        return {
          exchange: market.exchange,
          clockSkew: measured && { value: measured.offsetMs, ageMs: measured.ageMs },
          stale: staleness(market.exchange),
        };
      }),
  };
}
