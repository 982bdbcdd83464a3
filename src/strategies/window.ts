import type { Candle } from "../market/candle.ts";

/** The newest candles, at most `capacity` of them; the oldest gives way. */
export class CandleWindow {
  readonly #ring: (Candle | undefined)[];
  #pushed = 0;

  constructor(capacity: number) {
    this.#ring = Array.from({ length: capacity }, () => undefined);
  }

  push(candle: Candle): void {
    this.#ring[this.#pushed % this.#ring.length] = candle;
    this.#pushed += 1;
  }

  /** The candle `back` places before the newest; undefined outside the window. */
  at(back: number): Candle | undefined {
    const isInside = Number.isInteger(back) && back >= 0 && back < this.#ring.length;
    if (!isInside || back >= this.#pushed) return undefined;
    return this.#ring[(this.#pushed - 1 - back) % this.#ring.length];
  }
}
