import type { Venue } from "./venue.ts";
import { binance } from "./venues/binance.ts";
import { bybit } from "./venues/bybit.ts";
import { kraken } from "./venues/kraken.ts";
import { okx } from "./venues/okx.ts";

const VENUES: ReadonlyMap<string, Venue> = new Map(
  [binance, kraken, bybit, okx].map((venue) => [venue.id, venue]),
);

/** Ids of the exchanges this adapter knows. */
export const CCXT_EXCHANGES: readonly string[] = [...VENUES.keys()];

/**
 * The row of an exchange.
 * @throws RangeError for an exchange the adapter has no row for.
 */
export function venueOf(exchange: string): Venue {
  const venue = VENUES.get(exchange);
  if (venue === undefined) {
    throw new RangeError(`unknown exchange ${exchange}; known are ${CCXT_EXCHANGES.join(", ")}`);
  }
  return venue;
}
