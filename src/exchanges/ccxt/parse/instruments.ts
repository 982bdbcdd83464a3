import { type DecimalText, decimal } from "../../../market/decimal.ts";
import type { Instrument } from "../../../market/instrument.ts";
import { isPair } from "../../../market/series.ts";
import { decimalTextOf, type Fields, fieldsOf, isFields, positiveTextOf } from "../../narrow.ts";

/**
 * Reads ccxt's markets: every spot pair with a price tick and a quantity step. A pair without them
 * cannot be traded by size, and is left out. A market order's own ceiling counts where there is one.
 */
export function parseInstruments(exchange: string, markets: unknown): readonly Instrument[] {
  return Object.values(fieldsOf(markets))
    .filter(isFields)
    .map((market) => instrumentOf(exchange, market))
    .filter((instrument) => instrument !== undefined);
}

function instrumentOf(exchange: string, market: Fields): Instrument | undefined {
  const { symbol, spot, active } = market;
  if (spot !== true || typeof symbol !== "string" || !isPair(symbol)) return undefined;
  const precision = fieldsOf(market["precision"]);
  const priceTick = positiveTextOf(precision["price"]);
  const quantityStep = positiveTextOf(precision["amount"]);
  if (priceTick === undefined || quantityStep === undefined) return undefined;
  const limits = fieldsOf(market["limits"]);
  const amount = fieldsOf(limits["amount"]);
  const maxQuantity = smallest(amount["max"], fieldsOf(limits["market"])["max"]);
  return {
    exchange,
    pair: symbol,
    // Some venues do not say; a pair is only closed when the venue says so.
    active: active !== false,
    priceTick,
    quantityStep,
    minQuantity: positiveTextOf(amount["min"]) ?? quantityStep,
    ...(maxQuantity === undefined ? {} : { maxQuantity }),
    minNotional: decimalTextOf(fieldsOf(limits["cost"])["min"]) ?? "0",
    takerFeeBps: basisPoints(market["taker"]),
    makerFeeBps: basisPoints(market["maker"]),
  };
}

/** The smallest of the limits that are above zero; venues write 0 for none. */
function smallest(...limits: readonly unknown[]): DecimalText | undefined {
  const known = limits.map(positiveTextOf).filter((limit) => limit !== undefined);
  return known.sort((a, b) => decimal(a).comparedTo(decimal(b)) ?? 0)[0];
}

/** A fraction such as 0.001 as hundredths of a percent; 0 when the venue states none. */
function basisPoints(fraction: unknown): number {
  const exact = decimalTextOf(fraction);
  return exact === undefined ? 0 : decimal(exact).times(10_000).toNumber();
}
