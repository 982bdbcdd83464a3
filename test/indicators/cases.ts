import { createIndicators } from "../../src/indicators/create.ts";
import type { Indicator } from "../../src/indicators/port.ts";
import type { Candle } from "../../src/market/candle.ts";
import * as textbook from "./textbook.ts";

const make = createIndicators();

export interface Case {
  readonly name: string;
  readonly start: () => Indicator<unknown>;
  /** The independent value at the last of these candles. */
  readonly reference: (candles: readonly Candle[]) => unknown;
  /** What 1e-9 is relative to: the price, or the scale of 0 to 100. */
  readonly unit: "price" | "percent";
}

/** Every indicator, with usual periods and with awkward ones. */
export const CASES: readonly Case[] = [
  ...[1, 2, 20].map(
    (p): Case => ({
      name: `sma(${p})`,
      start: () => make.sma(p),
      reference: (c) => textbook.sma(c, p),
      unit: "price",
    }),
  ),
  ...[1, 3, 12, 50].map(
    (p): Case => ({
      name: `ema(${p})`,
      start: () => make.ema(p),
      reference: (c) => textbook.ema(c, p),
      unit: "price",
    }),
  ),
  ...[1, 2, 14].map(
    (p): Case => ({
      name: `rsi(${p})`,
      start: () => make.rsi(p),
      reference: (c) => textbook.rsi(c, p),
      unit: "percent",
    }),
  ),
  ...(
    [
      [12, 26, 9],
      [1, 2, 2],
    ] as const
  ).map(
    ([f, s, g]): Case => ({
      name: `macd(${f},${s},${g})`,
      start: () => make.macd(f, s, g),
      reference: (c) => textbook.macd(c, f, s, g),
      unit: "price",
    }),
  ),
  ...(
    [
      [20, 2],
      [2, 2],
      [5, 2.5],
    ] as const
  ).map(
    ([p, d]): Case => ({
      name: `bollinger(${p},${d})`,
      start: () => make.bollinger(p, d),
      reference: (c) => textbook.bollinger(c, p, d),
      unit: "price",
    }),
  ),
  ...[1, 2, 14].map(
    (p): Case => ({
      name: `atr(${p})`,
      start: () => make.atr(p),
      reference: (c) => textbook.atr(c, p),
      unit: "price",
    }),
  ),
  ...[5, 14].map(
    (p): Case => ({
      name: `adx(${p})`,
      start: () => make.adx(p),
      reference: (c) => textbook.adx(c, p),
      unit: "percent",
    }),
  ),
  ...(
    [
      [14, 3],
      [5, 1],
      [2, 2],
    ] as const
  ).map(
    ([p, s]): Case => ({
      name: `stochastic(${p},${s})`,
      start: () => make.stochastic(p, s),
      reference: (c) => textbook.stochastic(c, p, s),
      unit: "percent",
    }),
  ),
  ...[1, 2, 10].map(
    (p): Case => ({
      name: `roc(${p})`,
      start: () => make.roc(p),
      reference: (c) => textbook.roc(c, p),
      unit: "percent",
    }),
  ),
];

/** The largest distance between two values of the same shape; infinite when the shapes differ. */
export function distance(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b);
  if (a === undefined || b === undefined || a === null || b === null) {
    return (a ?? undefined) === (b ?? undefined) ? 0 : Number.POSITIVE_INFINITY;
  }
  const [left, right] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  if (left.length !== right.size) return Number.POSITIVE_INFINITY;
  return Math.max(...left.map(([key, value]) => distance(value, right.get(key))));
}
