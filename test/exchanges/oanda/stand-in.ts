import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../../src/runtime/clock.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const LENGTHS: Readonly<Record<string, number>> = {
  M1: MINUTE,
  M5: 5 * MINUTE,
  M15: 15 * MINUTE,
  M30: 30 * MINUTE,
  H1: HOUR,
  H4: 4 * HOUR,
  D: DAY,
  W: 7 * DAY,
};
/** A Monday; with OANDA's own alignment candles from H4 up begin at 17:00 New York, weeks on Friday. */
const MONDAY = Date.UTC(2026, 0, 5);
const NEW_YORK_FRIDAY = Date.UTC(2026, 0, 2, 22);
const MOST_CANDLES = 5_000;

/** One request as the stand-in saw it. */
interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** Takes an answer over; false leaves it to the stand-in. */
type Fault = (asked: Asked, response: ServerResponse) => boolean;

/** A loopback server that behaves as OANDA's v20 REST interface is documented to. */
export interface OandaStandIn {
  readonly baseUrl: string;
  readonly asked: Asked[];
  /** The one token that is let in, and the one account it has. */
  token: string;
  accountId: string;
  /** How far its clock is from the test's, ms. */
  offsetMs: number;
  /** How much more than that its answers say, ms. */
  clockSaysMs: number;
  /** Spans in which nobody quotes, UTC ms: from, until. */
  readonly quiet: (readonly [from: number, until: number])[];
  /** Whether a candle is called complete though nobody has quoted since it ended. */
  completesLate: boolean;
  fault: Fault | undefined;
  close(): Promise<void>;
}

/** A price that moves, exact to five places. */
export function priceAt(atMs: number): string {
  return (1.1 + 0.01 * Math.sin(atMs / (7 * HOUR))).toFixed(5);
}

export async function startStandIn(clock: Clock): Promise<OandaStandIn> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const asked = { path: url.pathname, query: url.searchParams, headers: request.headers };
    world.asked.push(asked);
    if (world.fault?.(asked, response) !== true) answer(world, clock, asked, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const world: OandaStandIn = {
    baseUrl: `http://127.0.0.1:${port}`,
    asked: [],
    token: "token-of-the-stand-in",
    accountId: "101-004-7654321-001",
    offsetMs: 0,
    clockSaysMs: 0,
    quiet: [],
    completesLate: false,
    fault: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return world;
}

function answer(world: OandaStandIn, clock: Clock, asked: Asked, response: ServerResponse): void {
  const nowMs = clock.nowMs() + world.offsetMs;
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, {
      "content-type": "application/json",
      date: new Date(nowMs + world.clockSaysMs).toUTCString(),
      requestid: "42",
    });
    response.end(JSON.stringify(body));
  };
  const refuse = (status: number, errorMessage: string): void => send(status, { errorMessage });
  if (asked.headers.authorization !== `Bearer ${world.token}`) {
    refuse(401, "Insufficient authorization to perform request.");
    return;
  }
  const [, version, area, id = "", leaf] = asked.path.split("/");
  if (version !== "v3") refuse(404, "Not found");
  else if (area === "accounts" && id === "") send(200, { accounts: [{ id: world.accountId }] });
  else if (area === "accounts" && id !== world.accountId) {
    refuse(404, `The account ${id} does not exist`);
  } else if (area === "accounts" && leaf === "instruments") send(200, { instruments: INSTRUMENTS });
  else if (area === "accounts" && leaf === "pricing") sendPrices(world, nowMs, asked, send, refuse);
  else if (area === "instruments" && leaf === "candles") {
    sendCandles(world, nowMs, id, asked, send, refuse);
  } else refuse(404, "Not found");
}

type Send = (status: number, body: unknown) => void;
type Refuse = (status: number, message: string) => void;

const common = { minimumTradeSize: "1", tradeUnitsPrecision: 0, maximumOrderUnits: "100000000" };
const INSTRUMENTS = [
  { name: "EUR_USD", type: "CURRENCY", displayPrecision: 5, pipLocation: -4, ...common },
  { name: "USD_JPY", type: "CURRENCY", displayPrecision: 3, pipLocation: -2, ...common },
  { name: "XAU_USD", type: "METAL", displayPrecision: 3, pipLocation: -2, ...common },
  {
    name: "DE30_EUR",
    type: "CFD",
    displayPrecision: 1,
    pipLocation: 0,
    ...common,
    tradeUnitsPrecision: 1,
    minimumTradeSize: "0.1",
  },
  { name: "EUR_GBP", type: "CURRENCY", displayPrecision: "many", ...common },
] as const;

function isQuiet({ quiet }: OandaStandIn, atMs: number): boolean {
  return quiet.some(([from, until]) => atMs >= from && atMs < until);
}

function sendPrices(
  world: OandaStandIn,
  nowMs: number,
  { query }: Asked,
  send: Send,
  refuse: Refuse,
): void {
  const names = (query.get("instruments") ?? "").split(",");
  const unknown = names.find((name) => !INSTRUMENTS.some((one) => one.name === name));
  if (unknown !== undefined) {
    refuse(400, "Invalid value specified for 'instruments'");
    return;
  }
  const tradeable = !isQuiet(world, nowMs);
  const mid = Number(priceAt(nowMs));
  const ladder = (direction: 1 | -1): object[] =>
    // Out of order: the best price is not promised to be the first.
    [2, 1, 3].map((step) => ({
      price: (mid + direction * step * 0.00005).toFixed(5),
      liquidity: step * 1_000_000,
    }));
  const prices = names.map((instrument) => ({
    type: "PRICE",
    instrument,
    time: stamp(nowMs),
    tradeable,
    status: tradeable ? "tradeable" : "non-tradeable",
    bids: ladder(-1),
    asks: ladder(1),
    closeoutBid: (mid - 0.001).toFixed(5),
    closeoutAsk: (mid + 0.001).toFixed(5),
  }));
  send(200, { time: stamp(nowMs), prices: prices.toReversed() });
}

function sendCandles(
  world: OandaStandIn,
  nowMs: number,
  instrument: string,
  { query }: Asked,
  send: Send,
  refuse: Refuse,
): void {
  const granularity = query.get("granularity") ?? "S5";
  const length = LENGTHS[granularity];
  const count = Number(query.get("count") ?? "500");
  const from = query.get("from");
  if (!INSTRUMENTS.some(({ name }) => name === instrument)) {
    refuse(400, "Invalid value specified for 'instrument'");
  } else if (length === undefined) refuse(400, "Invalid value specified for 'granularity'");
  else if (!(count > 0 && count <= MOST_CANDLES)) {
    refuse(400, "Maximum value for 'count' exceeded");
  } else if (from !== null && Date.parse(from) > nowMs) {
    refuse(400, "Invalid value specified for 'from'. Time is in the future");
  } else {
    const phase = phaseOf(granularity, query);
    const open = (at: number): number => Math.floor((at - phase) / length) * length + phase;
    const candles: object[] = [];
    if (from === null) {
      // As far back as a month: far enough to pass over any weekend.
      for (let at = open(nowMs); candles.length < count && at > nowMs - 40 * DAY; at -= length) {
        const candle = candleOf(world, at, length, nowMs);
        if (candle !== undefined) candles.unshift(candle);
      }
    } else {
      for (let at = open(Date.parse(from)); candles.length < count && at <= nowMs; at += length) {
        const candle = candleOf(world, at, length, nowMs);
        if (candle !== undefined) candles.push(candle);
      }
    }
    send(200, { instrument, granularity, candles });
  }
}

/** Where the grid of a granularity begins, UTC ms: as asked for, else as OANDA has it by itself. */
function phaseOf(granularity: string, query: URLSearchParams): number {
  const isUtc = query.get("alignmentTimezone") === "UTC" && query.get("dailyAlignment") === "0";
  if (granularity === "W") {
    return isUtc && query.get("weeklyAlignment") === "Monday" ? MONDAY : NEW_YORK_FRIDAY;
  }
  return granularity === "H4" || granularity === "D" ? (isUtc ? MONDAY : NEW_YORK_FRIDAY) : MONDAY;
}

/** A candle of what was quoted in its time, minute by minute; undefined when nothing was. */
function candleOf(
  world: OandaStandIn,
  openTime: number,
  length: number,
  nowMs: number,
): object | undefined {
  const end = Math.min(openTime + length, nowMs);
  const quoted: number[] = [];
  for (let at = openTime; at < end; at += MINUTE) if (!isQuiet(world, at)) quoted.push(at);
  const [first] = quoted;
  const last = quoted.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const prices = quoted.map(priceAt).toSorted();
  return {
    time: stamp(openTime),
    // With the first price after it, or when it is clear that none comes.
    complete: openTime + length <= nowMs && !(world.completesLate && end > nowMs - MINUTE),
    volume: quoted.length,
    mid: { o: priceAt(first), h: prices.at(-1), l: prices[0], c: priceAt(last) },
  };
}

/** Nanoseconds, as OANDA writes them. */
function stamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, -1)}000000Z`;
}
