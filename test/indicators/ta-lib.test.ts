import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createIndicators } from "../../src/indicators/create.ts";
import type { Candle } from "../../src/market/candle.ts";
import { distance } from "./cases.ts";

interface Golden {
  readonly from: number;
  readonly rows: readonly (readonly [number, number, number, number])[];
  readonly expected: Record<string, readonly number[]> & {
    readonly macd: Record<string, readonly number[]>;
    readonly bollinger: { readonly variance: readonly number[] };
  };
}

const { from, rows, expected } = JSON.parse(
  readFileSync(new URL("../golden/indicators/ta-lib.json", import.meta.url), "utf8"),
) as Golden;

const candles: Candle[] = rows.map(([open, high, low, close], openTime) => {
  return { openTime, open, high, low, close, volume: 1 };
});

const make = createIndicators();
const percent = make.stochastic(14, 1);
const streams = {
  sma20: make.sma(20),
  ema20: make.ema(20),
  rsi14: make.rsi(14),
  macd: make.macd(12, 26, 9),
  bollinger: make.bollinger(20, 2),
  atr14: make.atr(14),
  adx14: make.adx(14),
  // %R is k measured from the top: 0 to −100.
  willr14: { next: (candle: Candle) => (percent.next(candle)?.k ?? Number.NaN) - 100 },
  roc10: make.roc(10),
} as const;

type Name = keyof typeof streams;

/** What TA-Lib says at a row, in the shape of our own values. */
function theirs(name: Name, i: number): unknown {
  const at = (line: string): number => expected[line]?.[i] ?? Number.NaN;
  const { MACD = [], MACDSignal = [], MACDHist = [] } = expected.macd;
  const width = 2 * Math.sqrt(expected.bollinger.variance[i] ?? Number.NaN);
  const composed: Partial<Record<Name, unknown>> = {
    macd: { macd: MACD[i], signal: MACDSignal[i], histogram: MACDHist[i] },
    bollinger: { lower: at("sma20") - width, middle: at("sma20"), upper: at("sma20") + width },
    adx14: { adx: at("adx14"), plusDi: at("plusDi14"), minusDi: at("minusDi14") },
  };
  return composed[name] ?? at(name);
}

test.each(Object.keys(streams) as Name[])("%s agrees with TA-Lib to 1e-9", (name) => {
  const scale = /rsi|adx|willr|roc/.test(name) ? 100 : 2_500;
  const mine = candles.map((candle) => streams[name].next(candle));

  const errors = mine.slice(from).map((value, i) => distance(value, theirs(name, i)) / scale);

  expect(errors).toHaveLength(40);
  expect(Math.max(...errors)).toBeLessThan(1e-9);
});
