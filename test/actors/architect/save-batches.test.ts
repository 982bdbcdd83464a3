import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartitionPlan } from "../../../src/actors/architect/partition-plan.ts";
import type { CandleBatch } from "../../../src/actors/architect/protocol.ts";
import { saveBatches } from "../../../src/actors/architect/save-batches.ts";
import type { Timeframe } from "../../../src/market/timeframe.ts";
import { NOON, series } from "../../kit/builders.ts";
import { candleAt } from "../../kit/fake-market.ts";
import { FakeStore } from "../../kit/fake-store.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

function batch(
  seriesId: number,
  minutes: readonly number[],
  timeframe: Timeframe = "1m",
): CandleBatch {
  return {
    series: series({ timeframe }),
    seriesId,
    candles: minutes.map((n) => candleAt(NOON + n * MINUTE)),
    source: "poll",
    attempt: 2,
    fetchedAt: NOON + 5,
    answeredAt: NOON + 6,
    wakes: null,
  };
}

describe("saving many batches", () => {
  test("answers each batch for itself: what is new, what was revised", async () => {
    const { store, put } = new Harness();
    put(2, [0, 1]);
    const revised = { ...batch(2, [0]), candles: [candleAt(NOON, 105)] };

    const answers = await saveBatches(store.candles, [batch(1, [0, 1]), revised, batch(2, [1, 2])]);

    expect(answers).toEqual([
      { added: [NOON, NOON + MINUTE], revised: [] },
      { added: [], revised: [NOON] },
      { added: [NOON + 2 * MINUTE], revised: [] },
    ]);
  });

  test("writes each row with where it came from", async () => {
    const { db, store } = new Harness();

    await saveBatches(store.candles, [batch(7, [0])]);

    expect(db.upserts).toMatchObject([
      [{ seriesId: 7, source: "poll", attempt: 2, fetchedAt: NOON + 5, openTime: NOON }],
    ]);
  });

  test("takes one write for each timeframe, and more only when they grow too large", async () => {
    const { db, store } = new Harness();
    const large = Array.from({ length: 900 }, (_, n) => n);

    await saveBatches(store.candles, [
      batch(1, large),
      batch(2, [0], "5m"),
      batch(3, large),
      batch(4, large),
      batch(5, [0]),
      batch(6, []),
    ]);

    expect(db.upserts.map((rows) => rows.length)).toEqual([1_800, 1, 901]);
  });

  test("answers any mix of batches as if each were written alone", async () => {
    const timeframe = fc.constantFrom("1m", "5m" as const);
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 5 });
    const some = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), minutes, timeframe));
    await fc.assert(
      fc.asyncProperty(some, async (given) => {
        const seen = new Set<number>();
        const alone = given.filter(([id]) => !seen.has(id) && seen.add(id));
        const batches = alone.map(([id, times, tf]) =>
          batch(
            id,
            times.toSorted((a, b) => a - b),
            tf,
          ),
        );

        const answers = await saveBatches(new Harness().store.candles, batches);

        expect(answers.map((answer) => answer.added)).toEqual(
          batches.map(({ candles }) => candles.map((candle) => candle.openTime)),
        );
      }),
    );
  });
});

class Harness {
  readonly db = new FakeStore();
  readonly store = this.db.store;
  readonly put = (id: number, minutes: readonly number[]): void =>
    this.db.put(
      id,
      minutes.map((n) => candleAt(NOON + n * MINUTE)),
    );
}

describe("the plan of partitions", () => {
  test("asks for two months ahead, once a timeframe, and again when less than one is left", () => {
    const plan = new PartitionPlan();
    const first = plan.due("1m", NOON);
    expect(first).toEqual({ fromMs: NOON, toMs: NOON + 62 * DAY });
    if (first !== undefined) plan.made("1m", first);

    expect(plan.due("5m", NOON)).toEqual(first);
    expect(plan.due("1m", NOON + 31 * DAY)).toBeUndefined();
    expect(plan.due("1m", NOON + 31 * DAY + 1)).toEqual({
      fromMs: NOON + 31 * DAY + 1,
      toMs: NOON + 93 * DAY + 1,
    });
  });

  test("asks again for what it has not been told was made", () => {
    const plan = new PartitionPlan();

    expect(plan.due("1m", NOON)).toEqual(plan.due("1m", NOON));
  });
});
