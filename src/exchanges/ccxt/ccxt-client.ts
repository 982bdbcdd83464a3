import type { Transport } from "../transport/transport.ts";

/** The status line and headers of an answer, with names capitalised as ccxt does it. */
export type AnswerHandler = (
  status: number,
  reason: string,
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  parsed: unknown,
  requestHeaders: unknown,
  requestBody: unknown,
) => unknown;

/** What of a ccxt exchange is used here. Its own types promise more than it keeps: results are unknown. */
export interface CcxtClient {
  urls: { api: unknown };
  has: Record<string, unknown>;
  /** By unified symbol; absent until the first load succeeded. */
  readonly markets: unknown;
  fetchImplementation: Transport["fetch"];
  handleErrors: AnswerHandler;
  milliseconds: () => number;
  /** Cuts rows that were asked for by number or start. */
  filterBySinceLimit: (rows: unknown) => unknown;
  loadMarkets(reload: boolean, params?: object): Promise<unknown>;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number | undefined,
    limit: number,
  ): Promise<unknown>;
  fetchOrderBook(symbol: string, limit: number): Promise<unknown>;
  fetchTicker(symbol: string): Promise<unknown>;
  fetchTickers(symbols: readonly string[]): Promise<unknown>;
  fetchBidsAsks(symbols: readonly string[]): Promise<unknown>;
  fetchTime(): Promise<unknown>;
}

export type CcxtClass = new (settings: Readonly<Record<string, unknown>>) => CcxtClient;
