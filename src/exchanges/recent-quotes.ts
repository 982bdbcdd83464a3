import type { Clock } from "../runtime/clock.ts";
import type { VenueLimits } from "./limiter/limits.ts";
import type { Quote } from "./port.ts";

/** Of a venue's budget, what looking at what is held may cost; the rest is for candles and orders. */
const SHARE = 1 / 4;

interface Read {
  /** Undefined where the venue had no both sides of it. */
  readonly quote: Quote | undefined;
  /** When it was asked for, monotonic ms. */
  readonly atMs: number;
}

/**
 * Remembers quotes for as long as asking again would cost more than its share of the budget. Whoever
 * watches prices twice a second would else leave nothing to candles where a venue allows about one
 * request a second: quotes go first.
 */
export class RecentQuotes {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #read = new Map<string, Read>();

  /** @param weight of one request for quotes, of whatever many pairs. */
  constructor(clock: Clock, { budget, windowMs, spacingMs = 0 }: VenueLimits, weight: number) {
    this.#clock = clock;
    this.#lifeMs = (weight * Math.max(windowMs / budget, spacingMs)) / SHARE;
  }

  /** Quotes of all these pairs, none older than its life; undefined unless each was asked for since. */
  of(pairs: readonly string[]): readonly Quote[] | undefined {
    const oldest = this.#clock.monotonicMs() - this.#lifeMs;
    const found = pairs.map((pair) => this.#read.get(pair));
    if (!found.every((read) => read !== undefined && read.atMs > oldest)) return undefined;
    return found.flatMap((read) => read?.quote ?? []);
  }

  /** Asks for quotes, and remembers them by when they were asked for. */
  async keep(
    pairs: readonly string[],
    ask: () => Promise<readonly Quote[]>,
  ): Promise<readonly Quote[]> {
    const atMs = this.#clock.monotonicMs();
    const quotes = await ask();
    const byPair = new Map(quotes.map((quote) => [quote.pair, quote]));
    for (const pair of pairs) this.#read.set(pair, { quote: byPair.get(pair), atMs });
    return quotes;
  }
}
