import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createIndicators } from "../../src/indicators/create.ts";
import type { Candle } from "../../src/market/candle.ts";
import { walk } from "../kit/candles.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Feeds the candles again and again, without making new ones. */
function feed(each: (candle: Candle) => void, candles: readonly Candle[], rounds: number): void {
  for (let round = 0; round < rounds; round += 1) for (const candle of candles) each(candle);
}

test("windowed indicators keep less than a byte per candle fed", () => {
  const make = createIndicators();
  const windowed = [make.sma(20), make.bollinger(20, 2), make.stochastic(14, 3), make.roc(10)];
  const candles = walk(1_000, { seed: 12 });
  const each = (candle: Candle): void => {
    for (const indicator of windowed) indicator.next(candle);
  };
  feed(each, candles, 20);

  const before = heapBytes();
  feed(each, candles, 200);
  const grown = heapBytes() - before;

  // Unpatched, these four keep about 500 bytes per candle: 100 MB over this test.
  expect(grown / 200_000).toBeLessThan(1);
});
