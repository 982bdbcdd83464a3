import { Draws, keyOf } from "../random.ts";
import { type PairProfile, profileOf } from "./profile.ts";

/**
 * Further made-up pairs for load tests: `S0001USDT`, `S0002USDT` and so on.
 * A pair's figures follow from its name, so that asking for more pairs changes none.
 */
export function extraPairs(count: number): PairProfile[] {
  return Array.from({ length: count }, (_, i) => extraPair(`S${String(i + 1).padStart(4, "0")}`));
}

function extraPair(base: string): PairProfile {
  const draws = new Draws(keyOf(`pair ${base}`));
  // Evenly over the orders of magnitude from a cent to some hundreds.
  const price = 10 ** draws.between(-2, 2.7);
  const magnitude = Math.floor(Math.log10(price));
  const turnover = 10 ** draws.between(5.5, 8);
  return profileOf({
    base,
    price,
    // Five significant digits, so that a tick stays below a basis point or so.
    priceDecimals: Math.min(8, Math.max(2, 4 - magnitude)),
    volumeDecimals: Math.max(0, Math.min(4, 1 + magnitude)),
    spreadBps: draws.between(2, 12),
    dailyVolatility: draws.between(0.03, 0.07),
    dailyVolume: turnover / price,
  });
}
