import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal } from "../../src/market/decimal.ts";
import { walk } from "../kit/candles.ts";
import { configured, ids, LIVELY, type Raised, wishes } from "./world.ts";

const stepped = (seed: number): fc.Arbitrary<number> => fc.integer({ min: seed, max: 2 ** 31 });

describe.each(ids)("%s", (id) => {
  const candles = walk(3_000, { seed: 21 });
  const found = wishes(configured(id), [], candles);
  const closeAt = new Map(candles.map(({ openTime, close }) => [openTime, close]));

  test("goes both ways", () => {
    expect(new Set(found.map(({ side }) => side))).toEqual(new Set(["buy", "sell"]));
  });

  test("protects each buy on both sides, by exact decimals of at most eight digits", () => {
    const digits = (price = ""): number => price.replace(".", "").replace(/^0+/, "").length;
    const sound = found.map(({ side, stopLoss = "", takeProfit = "", openTime }) => {
      if (side === "sell") return stopLoss === "" && takeProfit === "";
      const close = decimal(closeAt.get(openTime) ?? 0);
      const isAround = decimal(stopLoss).lt(close) && decimal(takeProfit).gt(close);
      return isAround && digits(stopLoss) <= 8 && digits(takeProfit) <= 8;
    });
    expect(sound.every(Boolean)).toBe(true);
  });

  test("says how sure it is and why, in finite figures", () => {
    const figures = found.flatMap(({ strength, evidence }) => [
      strength,
      ...Object.values(evidence),
    ]);
    expect(figures.every(Number.isFinite)).toBe(true);
    expect(found.every(({ strength }) => strength >= 0 && strength <= 1)).toBe(true);
    expect(found.every(({ evidence }) => Object.keys(evidence).length > 0)).toBe(true);
  });

  test("wishes nothing in a market that stands still", () => {
    const frozen = walk(900, { flatFraction: 1 });
    expect(wishes(configured(id), [], frozen)).toEqual([]);
  });

  test("prices a coin of 0.00001 in plain digits", () => {
    const coin = walk(2_000, { seed: 22, price: 0.00001 });
    const buys = wishes(configured(id), [], coin).filter(({ side }) => side === "buy");

    expect(buys.length).toBeGreaterThan(0);
    expect(buys.every(({ stopLoss }) => /^0\.0000\d+$/.test(stopLoss ?? ""))).toBe(true);
  });

  // What is left of the start after the warm-up is a millionth of it: prices are compared with
  // that in mind, sides and candles exactly.
  test("after its warm-up wishes the same whether its history began then or long before", () => {
    const strategies = configured(id);
    const warmup = strategies[0]?.strategy.warmup(strategies[0].parameters) ?? Number.NaN;
    const from = 1_500;
    const rest = candles.slice(from);

    const late = wishes(strategies, candles.slice(from - warmup, from), rest);
    const full = wishes(strategies, candles.slice(0, from), rest);

    expect(late.length).toBeGreaterThan(0);
    expect(late.map(short)).toEqual(full.map(short));
    const apart = late.map(({ stopLoss }, i) => {
      const other = full[i]?.stopLoss;
      if (stopLoss === undefined || other === undefined) return stopLoss === other ? 0 : 1;
      return Math.abs(Number(stopLoss) / Number(other) - 1);
    });
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });
});

const short = ({ strategy, side, openTime }: Raised): unknown => ({ strategy, side, openTime });

describe("all strategies", () => {
  test("never look ahead: what comes later changes nothing that was wished before", () => {
    fc.assert(
      fc.property(stepped(0), fc.integer({ min: 150, max: 399 }), (seed, cut) => {
        const candles = walk(400, { seed });
        const otherFuture = walk(400, { seed: seed + 1, price: 999 }).slice(cut);

        const whole = wishes(LIVELY, [], candles);
        const other = wishes(LIVELY, [], [...candles.slice(0, cut), ...otherFuture]);
        const prefix = wishes(LIVELY, [], candles.slice(0, cut));

        const before = (w: Raised): boolean => w.openTime < (candles[cut]?.openTime ?? 0);
        expect(whole.filter(before)).toEqual(prefix);
        expect(other.filter(before)).toEqual(prefix);
      }),
      { numRuns: 40 },
    );
  });

  test("wish the same live as after a restart that loads the same history", () => {
    fc.assert(
      fc.property(stepped(0), fc.integer({ min: 1, max: 299 }), (seed, cut) => {
        const candles = walk(300, { seed });

        const live = wishes(LIVELY, [], candles);
        const restarted = wishes(LIVELY, candles.slice(0, cut), candles.slice(cut));

        const since = (w: Raised): boolean => w.openTime >= (candles[cut]?.openTime ?? 0);
        expect(restarted).toEqual(live.filter(since));
      }),
      { numRuns: 40 },
    );
  });
});
