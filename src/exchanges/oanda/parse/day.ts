import { type DecimalText, decimal } from "../../../market/decimal.ts";
import { type Fields, fieldsOf, listOf, positiveTextOf } from "../../narrow.ts";
import type { DayStats } from "../../port.ts";
import { TransportError } from "../../transport/errors.ts";

/**
 * Makes the figures of a day out of its candles, exactly. A turnover is not among them: OANDA deals
 * with its customers itself, and the volume of its candles is a number of prices.
 * @param at UTC ms on the hub's clock.
 * @throws TransportError when there is no candle, or one without its prices.
 */
export function parseDay(body: Fields, pair: string, at: number): DayStats {
  const rows = listOf(body["candles"]).map((row) => fieldsOf(fieldsOf(row)["mid"]));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) {
    throw new TransportError(`nobody quoted ${pair} in the last day`);
  }
  const price = (row: Fields, name: string): DecimalText => {
    const exact = positiveTextOf(row[name]);
    if (exact !== undefined) return exact;
    throw new TransportError(`the answer made no sense: a candle of ${pair} without its prices`);
  };
  const ordered = (name: string): readonly DecimalText[] =>
    rows.map((row) => price(row, name)).sort((a, b) => decimal(a).comparedTo(decimal(b)) ?? 0);
  return {
    pair,
    quoteVolume: null,
    lastPrice: price(last, "c"),
    openPrice: price(first, "o"),
    highPrice: ordered("h").at(-1) ?? price(last, "h"),
    lowPrice: ordered("l")[0] ?? price(last, "l"),
    at,
  };
}
