import type { Candle } from "../../src/market/candle.ts";
import type { Fill, OrderRequest } from "../../src/market/order.ts";
import { applyFill, type Position } from "../../src/market/position.ts";
import type { RawSignal } from "../../src/market/signal.ts";
import { type Fence, TRADER_LEASE } from "../../src/store/lease-port.ts";
import type { CandleRow, Store } from "../../src/store/port.ts";
import type { Decision, Settlement } from "../../src/store/trade-port.ts";

/** A Monday in 2026, UTC ms; every timeframe has a candle that opens here. */
export const MONDAY = Date.UTC(2026, 0, 5);
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export const BTC_1M = { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" } as const;

/** A sound candle; the place tells it from its neighbours. */
export function candle(place: number, change: Partial<Candle> = {}): Candle {
  const open = 100 + place / 8;
  return {
    openTime: MONDAY + place * MINUTE,
    open,
    high: open + 1,
    low: open - 1,
    close: open + 0.1,
    volume: 3.7 + place,
    ...change,
  };
}

export function candleRow(
  seriesId: number,
  place: number,
  change: Partial<CandleRow> = {},
): CandleRow {
  const fetchedAt = MONDAY + place * MINUTE + 65_123;
  return { ...candle(place), seriesId, source: "poll", attempt: 1, fetchedAt, ...change };
}

export function signal(id: string, change: Partial<RawSignal> = {}): RawSignal {
  return {
    id,
    series: BTC_1M,
    openTime: MONDAY,
    closeTime: MONDAY + MINUTE,
    strategy: "ema-cross",
    strategyVersion: "1",
    config: { name: "ema-cross", version: 0, origin: "settings" },
    side: "buy",
    strength: 0.7,
    price: "100.5",
    stopLoss: "99.25",
    evidence: { fast: 1.5, slow: -0.25 },
    raisedAt: MONDAY + MINUTE + 5_100,
    missingInWindow: 0,
    ...change,
  };
}

export function request(id: string, change: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: `o-${id}`,
    origin: "signal",
    signalId: id,
    portfolio: "default",
    exchange: "binance",
    pair: "BTC/USDT",
    side: "buy",
    quantity: "0.5",
    referencePrice: "100.5",
    strategy: "ema-cross",
    stopLoss: "99.25",
    ...change,
  };
}

const CHECK = {
  check: "spread",
  passed: true,
  measured: 0.0004,
  limit: "0.001",
  unit: "fraction",
  dataAgeMs: 120,
  detail: "the spread is 0.04 %",
} as const;

export function accepted(id: string, change: Partial<OrderRequest> = {}): Decision {
  const order = request(id, change);
  return {
    signal: signal(id, { side: order.side }),
    order,
    verdict: {
      signalId: id,
      portfolio: order.portfolio,
      decision: "accepted",
      checks: [CHECK],
      decidedAt: MONDAY + MINUTE + 5_200,
      quantity: order.quantity,
      reservedQuote: order.side === "buy" ? "50.5" : "0",
    },
  };
}

export function refused(id: string): Decision {
  return {
    signal: signal(id),
    verdict: {
      signalId: id,
      portfolio: "default",
      decision: "refused",
      checks: [{ ...CHECK, passed: false, measured: null, dataAgeMs: null }],
      decidedAt: MONDAY + MINUTE + 5_200,
      reasons: ["spread"],
    },
  };
}

export function fill(order: OrderRequest, id: string, change: Partial<Fill> = {}): Fill {
  return {
    id,
    clientOrderId: order.clientOrderId,
    exchange: order.exchange,
    pair: order.pair,
    side: order.side,
    quantity: order.quantity,
    price: "100.6",
    fee: "0.05",
    feeCurrency: "USDT",
    liquidity: "taker",
    filledAt: MONDAY + MINUTE + 6_000,
    ...change,
  };
}

/** The step in which an order is filled completely by one fill. */
export function filledStep(
  order: OrderRequest,
  filled: Fill,
  before: Position | undefined,
  cashDelta: string,
): Settlement {
  const { portfolio, strategy, stopLoss } = order;
  const origin = { id: order.clientOrderId, portfolio, strategy };
  return {
    order: {
      ...order,
      createdAt: MONDAY,
      state: "filled",
      sentAt: MONDAY + 1,
      filled: filled.quantity,
      averagePrice: filled.price,
      endedAt: filled.filledAt,
    },
    fills: [filled],
    position: applyFill(before, filled, stopLoss === undefined ? origin : { ...origin, stopLoss }),
    cashDelta,
    release: true,
  };
}

/** Opens the account and decides with the revision that is current. */
export async function decideNow(store: Store, decisions: readonly Decision[]): Promise<void> {
  await store.trade.openAccount("paper", "USDT", "10000", MONDAY);
  const { revision } = await store.trade.riskState(MONDAY);
  await store.trade.decide(decisions, revision);
}

/** Who trades in tests. */
const TRADER = "00000000-0000-4000-8000-000000000001";

/** The fence of whoever trades next, after everybody before. */
export async function nextTraderFence(store: Store): Promise<Fence> {
  await store.leases.release(await traderFence(store), TRADER);
  return traderFence(store);
}

/** The fence of one trader that all tests of a store share. */
export async function traderFence({ leases }: Store): Promise<Fence> {
  const time = { ttlMs: 600_000, timeoutMs: 5_000 };
  const wish = { name: TRADER_LEASE, holder: TRADER, instance: "tests", ...time };
  const answer = await leases.acquire(wish);
  if (answer.kind === "taken") throw new Error(`${answer.by} trades`);
  return { lease: TRADER_LEASE, epoch: answer.epoch };
}
