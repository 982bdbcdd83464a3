import { isTimeframe, type Timeframe, timeframeMs } from "../../../market/timeframe.ts";
import type { Listing } from "../market.ts";
import {
  illegalCharacters,
  invalidCombination,
  invalidData,
  invalidInterval,
  invalidSymbol,
  missing,
} from "./api-error.ts";

const SYMBOL = /^[A-Z0-9-_.]{1,20}$/;
const NUMBER = /^[0-9]{1,20}$/;
const SYMBOL_LIST = /^\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}")*)?\]$/;

/** The parameters of one request, read as the dialect reads them. Every reader throws ApiError. */
export class Params {
  readonly #query: URLSearchParams;
  readonly #listings: ReadonlyMap<string, Listing>;

  /** @param listings by symbol. */
  constructor(query: URLSearchParams, listings: ReadonlyMap<string, Listing>) {
    this.#query = query;
    this.#listings = listings;
  }

  /** The value as it was sent; undefined when it was left out or empty. */
  text(name: string): string | undefined {
    return this.#query.get(name) || undefined;
  }

  /** The one pair that must be named. */
  listing(): Listing {
    const symbol = this.text("symbol");
    if (symbol === undefined) throw missing("symbol");
    if (!SYMBOL.test(symbol)) throw illegalCharacters("symbol", SYMBOL.source);
    return this.#find(symbol);
  }

  /** The pairs meant: the one of `symbol`, those of `symbols`, or all when neither is given. */
  listings(): { readonly kind: "one" | "list" | "all"; readonly listings: readonly Listing[] } {
    const list = this.text("symbols");
    if (this.text("symbol") !== undefined) {
      if (list !== undefined) throw invalidCombination();
      return { kind: "one", listings: [this.listing()] };
    }
    if (list === undefined) return { kind: "all", listings: [...this.#listings.values()] };
    if (!SYMBOL_LIST.test(list)) throw illegalCharacters("symbols", SYMBOL_LIST.source);
    const symbols = JSON.parse(list) as string[];
    if (symbols.length === 0) throw missing("symbols");
    return { kind: "list", listings: symbols.map((symbol) => this.#find(symbol)) };
  }

  /** The interval of a pair's candles. */
  interval(listing: Listing): Timeframe {
    const interval = this.text("interval");
    if (interval === undefined) throw missing("interval");
    if (!isTimeframe(interval)) throw invalidInterval();
    if (timeframeMs(interval) < timeframeMs(listing.shortest)) throw invalidInterval();
    return interval;
  }

  /** An instant, UTC ms. */
  time(name: string): number | undefined {
    return this.#number(name);
  }

  /** A number of rows; more than there may be means as many as there may be. */
  limit(usual: number, most: number): number {
    const limit = this.#number("limit") ?? usual;
    if (limit < 1) throw invalidData("limit");
    return Math.min(limit, most);
  }

  #number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!NUMBER.test(text)) throw illegalCharacters(name, NUMBER.source);
    return Number(text);
  }

  #find(symbol: string): Listing {
    const listing = this.#listings.get(symbol);
    if (listing === undefined) throw invalidSymbol();
    return listing;
  }
}
