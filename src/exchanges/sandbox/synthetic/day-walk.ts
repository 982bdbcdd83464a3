import { Draws, mix } from "../random.ts";
import type { PairProfile } from "./profile.ts";

/** How strongly the price is drawn back to its long-run level, per day: half of the way in 100 days. */
const PULL = 0.007;
/** So few ticks would not leave room for candles. */
const LEAST_TICKS = 50;

/**
 * The opens of a pair's days, in ticks: a walk of logarithms from the market's first day on that is
 * drawn back to a long-run level, so that prices stay sensible in every year.
 * Each day needs the one before; the walk keeps what it has taken.
 */
export class DayWalk {
  readonly #profile: PairProfile;
  readonly #pairKey: number;
  readonly #marketKey: number;
  readonly #logs: number[];

  /** @param marketKey the same for all pairs of a market, which share a part of their moves. */
  constructor(profile: PairProfile, pairKey: number, marketKey: number) {
    this.#profile = profile;
    this.#pairKey = pairKey;
    this.#marketKey = marketKey;
    this.#logs = [new Draws(mix(pairKey, 0xda7)).between(-0.3, 0.3)];
  }

  /** Where a day opens and the one before closes, in ticks; days count from the market's first. */
  openTicks(day: number): number {
    const { price, listing } = this.#profile;
    const ticks = price * 10 ** listing.priceDecimals * Math.exp(this.#logAt(day));
    return Math.max(LEAST_TICKS, Math.round(ticks));
  }

  #logAt(day: number): number {
    const { dailyVolatility, marketShare } = this.#profile;
    const ownShare = Math.sqrt(1 - marketShare ** 2);
    for (let next = this.#logs.length; next <= day; next++) {
      const own = new Draws(mix(mix(this.#pairKey, 0xda71), next)).fatTailed();
      const common = new Draws(mix(this.#marketKey, next)).fatTailed();
      const step = dailyVolatility * (marketShare * common + ownShare * own);
      this.#logs.push((this.#logs[next - 1] ?? 0) * (1 - PULL) + step);
    }
    return this.#logs[day] ?? 0;
  }
}
