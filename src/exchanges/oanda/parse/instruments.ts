import { decimal, text } from "../../../market/decimal.ts";
import type { Instrument } from "../../../market/instrument.ts";
import { isPair } from "../../../market/series.ts";
import { type Fields, fieldsOf, listOf, positiveTextOf } from "../../narrow.ts";
import { TransportError } from "../../transport/errors.ts";

/** An instrument, and what kind of thing it is. */
export interface Listed {
  readonly instrument: Instrument;
  /** `CURRENCY`, `METAL` or `CFD`. */
  readonly type: string;
}

/** How OANDA writes a pair. */
export function nameOf(pair: string): string {
  return pair.replace("/", "_");
}

/**
 * Reads the instruments of an account: those with steps and a least size. Nothing says whether one can
 * be traded at the moment; quotes do.
 * @throws TransportError when the answer is not about instruments.
 */
export function parseInstruments(body: Fields): readonly Listed[] {
  if (!Array.isArray(body["instruments"])) {
    throw new TransportError("the answer made no sense: no instruments");
  }
  return listOf(body["instruments"])
    .map((one) => listedOf(fieldsOf(one)))
    .filter((listed) => listed !== undefined);
}

function listedOf(one: Fields): Listed | undefined {
  const { name, type } = one;
  if (typeof name !== "string" || typeof type !== "string") return undefined;
  const pair = name.replace("_", "/");
  const priceTick = stepOf(one["displayPrecision"]);
  const quantityStep = stepOf(one["tradeUnitsPrecision"]);
  const minQuantity = positiveTextOf(one["minimumTradeSize"]);
  if (!isPair(pair) || !priceTick || !quantityStep || !minQuantity) return undefined;
  const maxQuantity = positiveTextOf(one["maximumOrderUnits"]);
  const instrument: Instrument = {
    exchange: "oanda",
    pair,
    active: true,
    priceTick,
    quantityStep,
    minQuantity,
    ...(maxQuantity === undefined ? {} : { maxQuantity }),
    minNotional: "0",
    // The spread is the fee. A commission, where an account has one, goes by units and not by value.
    takerFeeBps: 0,
    makerFeeBps: 0,
  };
  return { instrument, type };
}

/** The smallest step of so many decimal places; undefined for what is no number of places. */
function stepOf(places: unknown): string | undefined {
  const isPlaces = typeof places === "number" && Number.isInteger(places) && Math.abs(places) <= 12;
  return isPlaces ? text(decimal(10).pow(-places)) : undefined;
}
