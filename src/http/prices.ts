import { type DecimalText, decimal, text } from "../market/decimal.ts";
import type { HubEvent } from "../market/events.ts";
import { closeTimeOf } from "../market/timeframe.ts";

interface Last {
  readonly price: DecimalText;
  readonly closeTime: number;
}

/** The last price of each pair, from the candles as they are saved. */
export class LastPrices {
  readonly #last = new Map<string, Last>();

  note(event: HubEvent): void {
    if (event.kind === "candle-saved") {
      this.set(event.series, event.close, event.closeTime);
    } else if (event.kind === "history-saved") {
      const { series, newestOpenTime } = event;
      this.set(series, event.newestClose, closeTimeOf(series.timeframe, newestOpenTime));
    }
  }

  /** Keeps the price of the later close. */
  set(where: { exchange: string; pair: string }, close: number, closeTime: number): void {
    const key = `${where.exchange}:${where.pair}`;
    const before = this.#last.get(key);
    if (before !== undefined && before.closeTime > closeTime) return;
    if (Number.isFinite(close)) this.#last.set(key, { price: text(decimal(close)), closeTime });
  }

  /** Says whether a pair has a price of this close, or of a later one. */
  isUpTo({ exchange, pair }: { exchange: string; pair: string }, closeTime: number): boolean {
    return (
      (this.#last.get(`${exchange}:${pair}`)?.closeTime ?? Number.NEGATIVE_INFINITY) >= closeTime
    );
  }

  of(exchange: string, pair: string): DecimalText | undefined {
    return this.#last.get(`${exchange}:${pair}`)?.price;
  }
}
