import type { Quote } from "../../exchanges/port.ts";
import type { DecimalText } from "../../market/decimal.ts";
import type { Position } from "../../market/position.ts";

/** Price of a pair, or undefined where none is known. */
export type PriceOf = (exchange: string, pair: string) => DecimalText | undefined;

/**
 * What is held is worth its bid. Where there is none, since a market is closed for the weekend or a
 * venue is silent, it is worth what was bid last, or before the first bid what its newest candle
 * closed at: one position without a quote must not leave the whole account unwatched.
 */
export class HeldPrices {
  readonly #lastClose: PriceOf;
  /** Of what was held at the last look, by `exchange:pair`. */
  #prices: ReadonlyMap<string, DecimalText> = new Map();

  constructor(lastClose: PriceOf) {
    this.#lastClose = lastClose;
  }

  /** Takes in what came of asking for the quotes of what is held. */
  note(positions: readonly Position[], quotes: ReadonlyMap<string, Quote>): void {
    const prices = new Map<string, DecimalText>();
    for (const { exchange, pair } of positions) {
      const key = `${exchange}:${pair}`;
      const price =
        quotes.get(key)?.bid ?? this.#prices.get(key) ?? this.#lastClose(exchange, pair);
      if (price !== undefined) prices.set(key, price);
    }
    this.#prices = prices;
  }

  /** Undefined for what was not held at the last look: its quote will be there at the next one. */
  readonly of: PriceOf = (exchange, pair) => this.#prices.get(`${exchange}:${pair}`);
}
