import type { ReviewInput } from "../../src/risk/input.ts";
import {
  exitInput,
  instrument,
  NOON,
  position,
  reviewInput,
  sellSignal,
  signal,
} from "../kit/builders.ts";
import { halt } from "../kit/halts.ts";

const HOUR = 3_600_000;
const quote = (bid: string, ask: string): ReviewInput["quote"] => ({
  value: { bid, ask },
  ageMs: 400,
});
const account = (over: Partial<ReviewInput["account"]>): ReviewInput => {
  const plain = reviewInput();
  return { ...plain, account: { ...plain.account, ...over } };
};
const worth = (equity: string): ReviewInput["account"]["equity"] => {
  return { equity, openPnl: "0", exposure: "0", exposureByAsset: {} };
};
const asks = (...levels: [string, string][]): ReviewInput["book"] => ({
  value: {
    bids: [{ price: "29999", quantity: "9" }],
    asks: levels.map(([price, quantity]) => ({ price, quantity })),
  },
  ageMs: 500,
});

const confirmed = (ageMs: number) => ({ isRunning: true, ageMs, maxAgeMs: 86_400_000 });

/** The stake of the plain input: floor(0.1 × 10000 / 30001) in steps of 0.00001, at the ask. */
const STAKE = 0.03333 * 30_001;
const left = (limit: number): string => (limit - STAKE).toFixed(5);
const over = (limit: number): string => (limit - STAKE + 0.00001).toFixed(5);

/** For each check an input right at its limit that passes, and one just beyond that is refused. */
export const BOUNDARIES: readonly (readonly [string, string, ReviewInput, ReviewInput])[] = [
  ["trading-halted", "trading on, trading off", reviewInput(), reviewInput({ halts: [halt()] })],
  [
    "signal-fresh",
    "5 minutes, the cap for an hour's candle",
    reviewInput({ nowMs: NOON + 300_000 }),
    reviewInput({ nowMs: NOON + 300_001 }),
  ],
  [
    "signal-fresh",
    "a quarter of a minute's candle",
    reviewInput({
      nowMs: NOON + 15_000,
      signal: signal({ series: { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" } }),
    }),
    reviewInput({
      nowMs: NOON + 15_001,
      signal: signal({ series: { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" } }),
    }),
  ],
  [
    "signal-fresh",
    "not before its close",
    reviewInput({ nowMs: NOON }),
    reviewInput({ nowMs: NOON - 1 }),
  ],
  [
    "window-complete",
    "no candle missing, one missing",
    reviewInput(),
    reviewInput({ signal: signal({ missingInWindow: 1 }) }),
  ],
  [
    "market-active",
    "active, not active",
    reviewInput(),
    reviewInput({ instrument: instrument({ active: false }) }),
  ],
  [
    "market-active",
    "the rules of this pair, of another",
    reviewInput(),
    reviewInput({ instrument: instrument({ pair: "ETH/USDT" }) }),
  ],
  [
    "clock-skew",
    "2 s ahead",
    reviewInput({ clockSkew: { value: 2_000, ageMs: 1 } }),
    reviewInput({ clockSkew: { value: 2_001, ageMs: 1 } }),
  ],
  [
    "clock-skew",
    "2 s behind",
    reviewInput({ clockSkew: { value: -2_000, ageMs: 1 } }),
    reviewInput({ clockSkew: { value: -2_001, ageMs: 1 } }),
  ],
  [
    "spread",
    "0.5 % of the mid",
    reviewInput({ quote: quote("399", "401") }),
    reviewInput({ quote: quote("398.99", "401") }),
  ],
  [
    "depth-for-size",
    "0.5 % worse than the mid",
    reviewInput({ book: asks(["30001", "0.00001"], ["30150", "9"]) }),
    reviewInput({ book: asks(["30001", "0.00001"], ["30150.1", "9"]) }),
  ],
  [
    "depth-for-size",
    "just the whole size",
    reviewInput({ book: asks(["30001", "0.03333"]) }),
    reviewInput({ book: asks(["30001", "0.03332"]) }),
  ],
  [
    "day-volume",
    "100,000",
    reviewInput({ day: { value: { quoteVolume: "100000" }, ageMs: 1 } }),
    reviewInput({ day: { value: { quoteVolume: "99999.99" }, ageMs: 1 } }),
  ],
  [
    "lot-rules",
    "the venue's least quantity",
    reviewInput({ instrument: instrument({ minQuantity: "0.03333" }) }),
    reviewInput({ instrument: instrument({ minQuantity: "0.03334" }) }),
  ],
  [
    "lot-rules",
    "the venue's least value",
    reviewInput({ instrument: instrument({ minNotional: "999.93333" }) }),
    reviewInput({ instrument: instrument({ minNotional: "999.93334" }) }),
  ],
  [
    "asset-exposure",
    "a quarter of equity in the asset",
    reviewInput({ workingAssetExposure: left(2_500) }),
    reviewInput({ workingAssetExposure: over(2_500) }),
  ],
  [
    "asset-exposure",
    "what is held of the asset counts",
    account({ equity: { ...worth("10000"), exposureByAsset: { BTC: left(2_500) } } }),
    account({ equity: { ...worth("10000"), exposureByAsset: { BTC: over(2_500) } } }),
  ],
  [
    "portfolio-exposure",
    "80 % of equity",
    reviewInput({ portfolioExposure: left(8_000) }),
    reviewInput({ portfolioExposure: over(8_000) }),
  ],
  [
    "account-exposure",
    "all of equity",
    reviewInput({ workingExposure: left(10_000) }),
    reviewInput({ workingExposure: over(10_000) }),
  ],
  [
    "open-positions",
    "the eighth, a ninth",
    reviewInput({ openPositions: 7 }),
    reviewInput({ openPositions: 8 }),
  ],
  [
    "open-positions",
    "one position a pair",
    reviewInput({ position: position({ quantity: "0" }) }),
    reviewInput({ position: position() }),
  ],
  [
    "nothing-to-sell",
    "a position, an ended one",
    exitInput(),
    exitInput({ position: position({ quantity: "0" }) }),
  ],
  ["nothing-to-sell", "a position, none", exitInput(), reviewInput({ signal: sellSignal() })],
  [
    "free-balance",
    "stake and fee to the last digit",
    account({ freeCash: "1000.93326333" }),
    account({ freeCash: "1000.93326332" }),
  ],
  [
    "daily-loss",
    "just below 5 % of the day's start",
    account({ equity: worth("9500.01") }),
    account({ equity: worth("9500") }),
  ],
  [
    "trades-per-day",
    "the 200th, a 201st",
    reviewInput({ tradesToday: 199 }),
    reviewInput({ tradesToday: 200 }),
  ],
  [
    "cooldown",
    "one candle after the last end",
    reviewInput({ lastClosedAt: NOON + 6_000 - HOUR }),
    reviewInput({ lastClosedAt: NOON + 6_001 - HOUR }),
  ],
  [
    "drawdown",
    "just below 20 % under the peak",
    account({ equity: worth("9999.99"), peakEquity: "12499.9" }),
    account({ equity: worth("10000"), peakEquity: "12500" }),
  ],
  [
    "stop-sanity",
    "20 % below the ask",
    reviewInput({ signal: signal({ stopLoss: "24000.8" }) }),
    reviewInput({ signal: signal({ stopLoss: "24000.79" }) }),
  ],
  [
    "stop-sanity",
    "0.05 % below the ask",
    reviewInput({ signal: signal({ stopLoss: "29985.9995" }) }),
    reviewInput({ signal: signal({ stopLoss: "29985.9996" }) }),
  ],
  [
    "stop-sanity",
    "take-profit above the ask",
    reviewInput({ signal: signal({ takeProfit: "30001.01" }) }),
    reviewInput({ signal: signal({ takeProfit: "30001" }) }),
  ],
  ["working-order", "none, a buy", reviewInput(), reviewInput({ workingBuys: 1 })],
  ["working-order", "none, a sell", exitInput(), exitInput({ workingSells: 1 })],
  [
    "account-currency",
    "dollars by another name, euros",
    account({ currency: "USDC" }),
    account({ currency: "EUR" }),
  ],
  [
    "configuration-fresh",
    "confirmed a day ago",
    reviewInput({ configuration: confirmed(86_400_000) }),
    reviewInput({ configuration: confirmed(86_400_001) }),
  ],
  [
    "configuration-fresh",
    "running, switched off",
    reviewInput({ configuration: confirmed(0) }),
    reviewInput({ configuration: { ...confirmed(0), isRunning: false } }),
  ],
  [
    "configuration-fresh",
    "a sell whatever its age, a buy that nobody ever confirmed",
    exitInput({ configuration: { ...confirmed(0), ageMs: undefined, isRunning: false } }),
    reviewInput({ configuration: { ...confirmed(0), ageMs: undefined } }),
  ],
];
