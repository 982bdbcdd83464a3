import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a venue's answers lie: a pattern of path and query, and the file that answers it. */
type Routes = readonly (readonly [RegExp, string])[];

/** Path and query → file in `test/fixtures/exchanges/<venue>`; `$1` is what the pattern caught. */
const ROUTES: Readonly<Record<string, Routes>> = {
  binance: [
    [/^\/api\/v3\/exchangeInfo/, "exchangeInfo"],
    [/^\/api\/v3\/klines\?.*symbol=(\w+)/, "klines-$1"],
    [/^\/api\/v3\/time$/, "time"],
    [/^\/api\/v3\/ticker\/24hr\?symbol=(\w+)/, "ticker-$1"],
    [/^\/api\/v3\/ticker\/bookTicker/, "bookTicker"],
    [/^\/api\/v3\/depth\?.*symbol=(\w+)/, "depth-$1"],
  ],
  kraken: [
    [/^\/0\/public\/AssetPairs/, "AssetPairs"],
    [/^\/0\/public\/OHLC\?.*pair=(\w+)/, "OHLC-$1"],
    [/^\/0\/public\/Time$/, "Time"],
    [/^\/0\/public\/Ticker\?pair=(\w+)$/, "Ticker-$1"],
    [/^\/0\/public\/Ticker/, "Ticker"],
    [/^\/0\/public\/Depth\?.*pair=(\w+)/, "Depth-$1"],
  ],
  bybit: [
    [/^\/v5\/market\/instruments-info/, "instruments-info"],
    [/^\/v5\/market\/kline\?.*symbol=(\w+)/, "kline-$1"],
    [/^\/v5\/market\/time$/, "time"],
    [/^\/v5\/market\/tickers\?.*symbol=(\w+)/, "tickers-$1"],
    [/^\/v5\/market\/tickers/, "tickers"],
    [/^\/v5\/market\/orderbook\?.*symbol=(\w+)/, "orderbook-$1"],
  ],
  okx: [
    [/^\/api\/v5\/public\/instruments/, "instruments"],
    [/^\/api\/v5\/market\/(?:history-)?candles\?.*instId=([\w-]+)/, "candles-$1"],
    [/^\/api\/v5\/public\/time$/, "time"],
    [/^\/api\/v5\/market\/tickers/, "tickers"],
    [/^\/api\/v5\/market\/ticker\?.*instId=([\w-]+)/, "ticker-$1"],
    [/^\/api\/v5\/market\/books\?.*instId=([\w-]+)/, "books-$1"],
  ],
};

/** Takes an answer over; false leaves it to the recording. */
type Fault = (path: string, response: ServerResponse) => boolean;

/** A loopback server that answers as a venue did. */
export interface RecordedVenue {
  readonly baseUrl: string;
  /** Paths and queries asked for, in order. */
  readonly asked: string[];
  /** Headers put on every answer. */
  readonly headers: Record<string, string>;
  fault: Fault | undefined;
  close(): Promise<void>;
}

export async function startRecordedVenue(venue: string): Promise<RecordedVenue> {
  const routes = ROUTES[venue] ?? [];
  const state = {
    asked: [] as string[],
    headers: {} as Record<string, string>,
    fault: undefined as Fault | undefined,
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    state.asked.push(path);
    if (state.fault?.(path, response) === true) return;
    const route = routes.find(([pattern]) => pattern.test(path));
    if (route === undefined) {
      response.writeHead(404).end(`no recording for ${path}`);
      return;
    }
    const [pattern, file] = route;
    const name = file.replace("$1", pattern.exec(path)?.[1] ?? "");
    response.writeHead(200, { "content-type": "application/json", ...state.headers });
    response.end(recording(venue, name));
  });
  const { port } = await listen(server);
  return Object.assign(state, {
    baseUrl: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** The text of one recorded answer. */
export function recording(venue: string, name: string): string {
  const address = new URL(`../../fixtures/exchanges/${venue}/${name}.json`, import.meta.url);
  return readFileSync(address, "utf8");
}

async function listen(server: Server): Promise<AddressInfo> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server.address() as AddressInfo;
}
