import type { Instrument } from "../../market/instrument.ts";
import type { CcxtClient } from "./ccxt-client.ts";
import { parseInstruments } from "./parse/instruments.ts";
import { TransportError } from "./transport/errors.ts";
import type { Venue } from "./venue.ts";

/**
 * The venue's instruments, loaded once and shared by everybody who asks meanwhile. A failure is not
 * kept: the next one who asks tries again, always with a forced load, since ccxt answers a plain one
 * with the first failure for ever.
 */
export class MarketCatalogue {
  readonly #venue: Venue;
  readonly #load: () => Promise<unknown>;
  #known: readonly Instrument[] | undefined;
  #loading: Promise<readonly Instrument[]> | undefined;

  /** @param load loads the venue's markets and answers them as ccxt holds them. */
  constructor(venue: Venue, load: () => Promise<unknown>) {
    this.#venue = venue;
    this.#load = load;
  }

  /** @param fresh asks the venue again; what was known stays in use if that fails. */
  async instruments(fresh: boolean): Promise<readonly Instrument[]> {
    if (this.#known !== undefined && !fresh) return this.#known;
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<readonly Instrument[]> {
    const instruments = parseInstruments(this.#venue.id, await this.#load());
    if (instruments.length === 0) throw new TransportError("the answer made no sense: no pairs");
    this.#known = instruments;
    return instruments;
  }
}

/** Asks the venue for its markets, past anything ccxt remembers. */
export async function loadMarkets(client: CcxtClient, venue: Venue): Promise<unknown> {
  await client.loadMarkets(true, venue.instrumentParams);
  return client.markets;
}
