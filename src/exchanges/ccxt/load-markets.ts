import type { CcxtClient } from "./ccxt-client.ts";
import type { Venue } from "./venue.ts";

/**
 * Asks the venue for its markets, past anything ccxt remembers: always with a forced load, since ccxt
 * answers a plain one with the first failure for ever.
 */
export async function loadMarkets(client: CcxtClient, venue: Venue): Promise<unknown> {
  await client.loadMarkets(true, venue.instrumentParams);
  return client.markets;
}
