import type { Candle } from "../../../src/market/candle.ts";
import type { Order, OrderRequest } from "../../../src/market/order.ts";
import type { EquityDay } from "../../../src/market/performance/equity-curve.ts";
import type { Account } from "../../../src/market/portfolio.ts";
import type { Position } from "../../../src/market/position.ts";
import type { CheckResult } from "../../../src/market/verdict.ts";
import type { ActorNode, ActorState } from "../../../src/runtime/spec.ts";
import type { KeptNotification } from "../../../src/store/notification-port.ts";
import type { Gap, KnownSeries } from "../../../src/store/port.ts";
import type { SignalRow, TradeRow } from "../../../src/store/trade-port.ts";
import type { StoreFigures } from "../../../src/store/upkeep-port.ts";

/** Noon of a day, so that "today" has a past and a future. */
export const NOW = Date.UTC(2026, 2, 10, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function account(changes: Partial<Account> = {}): Account {
  return {
    broker: "paper",
    currency: "USDT",
    cash: "9500.25",
    reserved: "100",
    startingCash: "10000",
    peakEquity: "10500",
    dayStartEquity: "10000",
    dayStart: NOW - 12 * HOUR,
    ...changes,
  };
}

export function known(changes: Partial<KnownSeries> = {}): KnownSeries {
  return {
    id: 1,
    exchange: "binance",
    pair: "BTC/USDT",
    timeframe: "15m",
    newestOpenTime: NOW - HOUR / 4,
    evaluatedTo: null,
    ...changes,
  };
}

/** A day of quarter-hour candles that rises from 100 to 105. */
export function dayOfCandles(): Candle[] {
  return Array.from({ length: 96 }, (_, i) => {
    const open = 100 + (5 * i) / 96;
    const close = 100 + (5 * (i + 1)) / 96;
    const openTime = NOW - DAY + (i * HOUR) / 4;
    return { openTime, open, high: close + 0.5, low: open - 0.5, close, volume: 10 };
  });
}

export function position(changes: Partial<Position> = {}): Position {
  return {
    id: "o-1",
    exchange: "binance",
    pair: "BTC/USDT",
    portfolio: "default",
    strategy: "ema-cross",
    quantity: "5",
    bought: "5",
    cost: "500",
    sold: "0",
    proceeds: "0",
    openedAt: NOW - HOUR,
    ...changes,
  };
}

export function trade(id: number, pnl: string | null, changes: Partial<TradeRow> = {}): TradeRow {
  return {
    id: `t-${id}`,
    exchange: "binance",
    pair: "BTC/USDT",
    side: "buy",
    quantity: "0.015",
    entryPrice: "101.5",
    exitPrice: pnl === null ? null : "103",
    pnl,
    status: pnl === null ? "open" : "closed",
    strategy: "ema-cross",
    stopLoss: "99",
    takeProfit: null,
    openedAt: NOW - id * HOUR,
    closedAt: pnl === null ? null : NOW - id * HOUR + HOUR / 2,
    ...changes,
  };
}

/** What the account was worth on a day before today. */
export function equityDay(daysAgo: number, close: string): EquityDay {
  const day = Math.floor(NOW / DAY) * DAY - daysAgo * DAY;
  const markedAt = Math.min(day + DAY - 1, NOW);
  return { day, open: close, high: close, low: close, close, flow: "0", markedAt };
}

function check(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    check: "spread",
    passed: true,
    measured: 0.0004,
    limit: 0.005,
    unit: "fraction",
    dataAgeMs: 12,
    detail: "the spread is narrow",
    ...changes,
  };
}

export function signal(seq: number, reasons: readonly string[] = []): SignalRow {
  const verdict = { signalId: `s-${seq}`, portfolio: "default", decidedAt: NOW, checks: [check()] };
  return {
    seq,
    signal: {
      id: `s-${seq}`,
      series: { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" },
      openTime: NOW - HOUR / 4,
      closeTime: NOW,
      strategy: "ema-cross",
      strategyVersion: "1",
      config: { name: "ema-cross", version: 0, origin: "settings" },
      side: "buy",
      strength: 0.5,
      price: "105",
      evidence: { fast: 1, slow: 2 },
      raisedAt: NOW,
      missingInWindow: 0,
    },
    verdict:
      reasons.length > 0
        ? { ...verdict, decision: "refused", reasons }
        : { ...verdict, decision: "accepted", quantity: "0.1", reservedQuote: "10.5" },
  };
}

export function request(n: number): OrderRequest {
  return {
    clientOrderId: `o-${n}`,
    origin: "signal",
    signalId: `s-${n}`,
    portfolio: "default",
    exchange: "binance",
    pair: "BTC/USDT",
    side: "buy",
    quantity: "5",
    referencePrice: "100",
    strategy: "ema-cross",
  };
}

export function order(n: number): Order {
  return {
    ...request(n),
    state: "filled",
    createdAt: NOW - n * 1_000,
    sentAt: NOW,
    filled: "5",
    averagePrice: "100",
    endedAt: NOW,
  };
}

export function gap(changes: Partial<Gap> = {}): Gap {
  return {
    id: 1,
    exchange: "binance",
    pair: "BTC/USDT",
    timeframe: "15m",
    openTime: NOW - HOUR,
    state: "missing",
    reason: "the answer lacked it",
    attempts: 5,
    noticedAt: NOW - HOUR / 2,
    settledAt: null,
    discardedAt: null,
    ...changes,
  };
}

/** A tree in which every actor is in a state. */
export function tree(states: Partial<Record<string, ActorState>> = {}): ActorNode {
  const node = (id: string, children: readonly ActorNode[] = []): ActorNode => ({
    id,
    kind: "actor",
    mode: "in-memory",
    state: states[id] ?? "up",
    restarts: 0,
    mailboxDepth: 0,
    children,
  });
  const top = ["sentinel", "architect", "gatekeeper", "trader"].map((id) => node(id));
  const analyst = node("commander/analysts/analyst:binance:BTC/USDT:15m");
  return {
    id: "root",
    kind: "supervisor",
    state: "up",
    restarts: 0,
    mailboxDepth: 0,
    children: [...top, node("commander", [analyst])],
  };
}

/** A store with some signals and a month of candles. */
export function storeFigures(months = false): StoreFigures {
  const size = { tableBytes: 141_000, indexBytes: 42_000, totalBytes: 183_000 };
  const span = { oldest: NOW - DAY, newest: NOW };
  const count = { rows: 1_000, exact: false };
  return {
    databaseBytes: 9_000_000,
    tables: [{ name: "signals", ...count, ...size, ...span }],
    candles: [
      {
        timeframe: "1m",
        rows: 1_000,
        bytesPerCandle: 183,
        ...size,
        ...span,
        months: months ? [{ month: "2026-03", ...count, ...size }] : [],
      },
    ],
  };
}

export function notification(id: number): KeptNotification {
  return {
    id,
    channel: "ops",
    key: `event/${id}`,
    kind: "halt",
    severity: "critical",
    at: NOW,
    body: "Buying is halted by ann: a storm",
    state: "waiting",
    attempts: 1,
    ageMs: 2_000,
    error: "it answered 500",
  };
}
