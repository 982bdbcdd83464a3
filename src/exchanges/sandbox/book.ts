import { openTimeAt } from "../../market/timeframe.ts";
import type { Listing, SandboxMarket } from "./market.ts";
import { Draws, keyOf, mix } from "./random.ts";

/** Price in ticks, quantity in lots. */
export interface Level {
  readonly price: bigint;
  readonly quantity: bigint;
}

/** Best level first on each side. */
export interface Book {
  /** Rises with time. */
  readonly sequence: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** As deep as a book of the sandbox gets, per side. */
const DEEPEST = 1_000;

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/**
 * The order book of a second: it follows from market, pair and second alone.
 * The spread is the listing's usual one, wider and narrower from second to second; a level holds
 * about what the pair trades in fifteen seconds, more of it further away.
 */
export function bookAt(
  market: SandboxMarket,
  listing: Listing,
  nowMs: number,
  levels: number,
): Book {
  const second = Math.floor(nowMs / SECOND_MS);
  const key = mix(keyOf(`${market.identity.seed} book ${listing.symbol}`), second);
  const middle = Number(market.priceAt(listing, second * SECOND_MS));
  const draws = new Draws(key);
  const usual = (middle * listing.spreadBps) / 10_000;
  const spread = Math.max(1, Math.round(usual * draws.between(0.6, 1.6)));
  const bestBid = Math.max(1, middle - Math.floor(spread / 2));
  const size = usualSize(market, listing, nowMs);
  const count = Math.min(levels, DEEPEST);
  return {
    sequence: second * 100,
    bids: sideOf(new Draws(mix(key, 1)), bestBid, -1, { count, size, gap: usual / 4 }),
    asks: sideOf(new Draws(mix(key, 2)), bestBid + spread, 1, { count, size, gap: usual / 4 }),
  };
}

function sideOf(
  draws: Draws,
  best: number,
  direction: 1 | -1,
  shape: { readonly count: number; readonly size: number; readonly gap: number },
): Level[] {
  const levels: Level[] = [];
  for (let price = best; levels.length < shape.count && price >= 1; ) {
    const lots = shape.size * draws.between(0.3, 1.7) * (1 + levels.length / 50);
    levels.push({ price: BigInt(price), quantity: BigInt(Math.max(1, Math.round(lots))) });
    price += direction * (1 + Math.floor(shape.gap * 2 * draws.uniform()));
  }
  return levels;
}

/** What the pair trades in fifteen seconds, lots, by the 24 hours before this hour. */
function usualSize(market: SandboxMarket, listing: Listing, nowMs: number): number {
  const hour = openTimeAt("1h", nowMs);
  const day = market.barOver(listing, hour - DAY_MS, hour);
  return Number(day?.volume ?? 0n) / (24 * 60 * 4);
}
