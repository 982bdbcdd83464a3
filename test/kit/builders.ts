import type { Instrument } from "../../src/market/instrument.ts";
import type { Fill } from "../../src/market/order.ts";
import type { Account } from "../../src/market/portfolio.ts";
import type { Position } from "../../src/market/position.ts";
import type { Series } from "../../src/market/series.ts";
import type { RawSignal } from "../../src/market/signal.ts";
import type { ReviewInput } from "../../src/risk/input.ts";
import { type RiskLimits, riskLimitsSchema } from "../../src/risk/limits.ts";

/** Monday 5 January 2026, 12:00 UTC: a close of the 1h candle that opened at 11:00. */
export const NOON = Date.UTC(2026, 0, 5, 12);

/** Each builder makes a sound and harmless thing; a test names only what it is about. */
export function series(over: Partial<Series> = {}): Series {
  return { exchange: "binance", pair: "BTC/USDT", timeframe: "1h", ...over };
}

export function instrument(over: Partial<Instrument> = {}): Instrument {
  return {
    exchange: "binance",
    pair: "BTC/USDT",
    active: true,
    priceTick: "0.01",
    quantityStep: "0.00001",
    minQuantity: "0.00001",
    maxQuantity: "9000",
    minNotional: "5",
    takerFeeBps: 10,
    makerFeeBps: 10,
    ...over,
  };
}

export function signal(over: Partial<RawSignal> = {}): RawSignal {
  return {
    id: "5f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5",
    series: series(),
    openTime: NOON - 3_600_000,
    closeTime: NOON,
    strategy: "ema-cross",
    strategyVersion: "1",
    config: { name: "ema-cross", version: 0, origin: "settings" },
    side: "buy",
    strength: 0.5,
    price: "30000",
    stopLoss: "29400",
    takeProfit: "31200",
    evidence: { fast: 30_010, slow: 30_000 },
    raisedAt: NOON + 6_000,
    missingInWindow: 0,
    ...over,
  };
}

export function sellSignal(over: Partial<RawSignal> = {}): RawSignal {
  const { stopLoss: _stop, takeProfit: _target, ...rest } = signal({ side: "sell" });
  return { ...rest, ...over };
}

export function position(over: Partial<Position> = {}): Position {
  return {
    id: "hub-opened-it",
    exchange: "binance",
    pair: "BTC/USDT",
    portfolio: "main",
    strategy: "ema-cross",
    quantity: "0.05",
    bought: "0.05",
    cost: "1501.5",
    sold: "0",
    proceeds: "0",
    stopLoss: "29000",
    openedAt: NOON - 7_200_000,
    ...over,
  };
}

export function fill(over: Partial<Fill> = {}): Fill {
  return {
    id: "f-1",
    clientOrderId: "hub-1",
    exchange: "binance",
    pair: "BTC/USDT",
    side: "buy",
    quantity: "0.1",
    price: "30000",
    fee: "3",
    feeCurrency: "USDT",
    liquidity: "taker",
    filledAt: NOON,
    ...over,
  };
}

export function account(over: Partial<Account> = {}): Account {
  return {
    broker: "paper",
    currency: "USDT",
    cash: "10000",
    reserved: "0",
    startingCash: "10000",
    peakEquity: "10000",
    dayStartEquity: "10000",
    dayStart: Date.UTC(2026, 0, 5),
    ...over,
  };
}

export function limits(over: Partial<RiskLimits> = {}): RiskLimits {
  return { ...riskLimitsSchema.parse({}), ...over };
}

/** A review that every check passes: a fresh buy in a calm, deep market with nothing held. */
export function reviewInput(over: Partial<ReviewInput> = {}): ReviewInput {
  return {
    signal: signal(),
    portfolio: "main",
    nowMs: NOON + 6_000,
    limits: limits(),
    configuration: { isRunning: true, ageMs: 30_000, maxAgeMs: 86_400_000 },
    halts: [],
    instrument: instrument(),
    quote: { value: { bid: "29999", ask: "30001" }, ageMs: 400 },
    book: {
      value: {
        bids: [
          { price: "29999", quantity: "2" },
          { price: "29990", quantity: "5" },
        ],
        asks: [
          { price: "30001", quantity: "2" },
          { price: "30010", quantity: "5" },
        ],
      },
      ageMs: 500,
    },
    day: { value: { quoteVolume: "250000000" }, ageMs: 60_000 },
    clockSkew: { value: 120, ageMs: 30_000 },
    account: {
      currency: "USDT",
      freeCash: "10000",
      equity: { equity: "10000", openPnl: "0", exposure: "0", exposureByAsset: {} },
      peakEquity: "10000",
      dayStartEquity: "10000",
    },
    position: undefined,
    openPositions: 0,
    workingBuys: 0,
    workingSells: 0,
    workingExposure: "0",
    workingAssetExposure: "0",
    portfolioExposure: "0",
    tradesToday: 0,
    lastClosedAt: undefined,
    ...over,
  };
}

/** A review that every check passes: a sell of a position that is held. */
export function exitInput(over: Partial<ReviewInput> = {}): ReviewInput {
  return reviewInput({
    signal: sellSignal(),
    position: position(),
    openPositions: 1,
    portfolioExposure: "1500",
    ...over,
  });
}
