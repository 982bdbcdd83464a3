import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

type Row = (number | undefined)[];
interface Ticker {
  readonly symbol: string;
  readonly last: number;
  readonly bid: number;
  readonly ask: number;
  readonly high: number;
  readonly low: number;
  readonly baseVolume: number;
  readonly quoteVolume: number;
}

/** What the tests use of the library's client. */
export interface Binance {
  fetchTime(): Promise<number>;
  loadMarkets(reload?: boolean, params?: object): Promise<Record<string, BinanceMarket>>;
  fetchOHLCV(
    symbol: string,
    tf: string,
    since?: number,
    limit?: number,
    p?: object,
  ): Promise<Row[]>;
  fetchOrderBook(symbol: string, limit?: number): Promise<Record<"bids" | "asks", Row[]>>;
  fetchTicker(symbol: string): Promise<Ticker>;
  fetchTickers(symbols?: string[]): Promise<Record<string, Ticker>>;
  fetchBidsAsks(symbols?: string[]): Promise<Record<string, Ticker>>;
  fetchLastPrices(symbols?: string[]): Promise<Record<string, { price: number }>>;
  fetchStatus(): Promise<unknown>;
  close(): Promise<void>;
}

interface BinanceMarket {
  readonly active: boolean;
  readonly spot: boolean;
  readonly precision: { readonly price: number; readonly amount: number };
  readonly limits: { readonly cost: { readonly min: number } };
}

/** The library's own client, with every address pointed at the sandbox and nothing else changed. */
export async function ccxtBinance(url: string): Promise<Binance> {
  // Of the whole library one exchange is enough; its file is reached by URL only.
  const main = pathToFileURL(createRequire(import.meta.url).resolve("ccxt"));
  const file = new URL("../js/src/binance.js", main).href;
  const { default: Client } = (await import(/* @vite-ignore */ file)) as {
    default: new (config: object) => Binance & { urls: { api: Record<string, string> } };
  };
  const api = Object.fromEntries(
    Object.keys(new Client({}).urls.api).map((key) => [key, `${url}/api/v3`]),
  );
  return new Client({
    urls: { api },
    enableRateLimit: false,
    options: { fetchMarkets: { types: ["spot"] }, fetchMargins: false, fetchCurrencies: false },
  });
}
