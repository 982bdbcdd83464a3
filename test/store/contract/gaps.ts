import { expect, test } from "vitest";
import type { GapState } from "../../../src/store/gap-fate.ts";
import type { GapNote, Store } from "../../../src/store/port.ts";
import { candleRow, MINUTE, MONDAY } from "../builders.ts";

export function gapPromises(opened: { readonly store: Store }): void {
  const follow = async (pair: string) => {
    const series = { exchange: "binance", pair, timeframe: "1m" } as const;
    return (await opened.store.watch.add("gaps", series, "test", MONDAY)).series;
  };
  const note = (seriesId: number, state: GapState, change: Partial<GapNote> = {}): GapNote => ({
    seriesId,
    openTime: MONDAY,
    state,
    reason: "no row",
    attempts: 1,
    at: MONDAY + MINUTE,
    ...change,
  });

  test("goes from pending to missing to healed, and never back", async () => {
    const { gaps } = opened.store;
    const series = await follow("HEAL/USDT");
    const steps: GapState[] = ["pending", "missing", "pending", "healed", "missing", "empty"];

    const changed: number[] = [];
    for (const state of steps) changed.push((await gaps.note([note(series.id, state)])).length);

    expect(changed).toEqual([1, 1, 0, 1, 0, 0]);
    const [gap] = await gaps.list({ series, limit: 5 });
    expect(gap).toMatchObject({
      exchange: "binance",
      pair: "HEAL/USDT",
      timeframe: "1m",
      openTime: MONDAY,
      state: "healed",
      settledAt: MONDAY + MINUTE,
    });
  });

  test("keeps why it came about when it heals, and tells whether its window was over by then", async () => {
    const { gaps } = opened.store;
    const series = await follow("FATE/USDT");
    const at = (minute: number): number => MONDAY + minute * MINUTE;
    const say = (n: number, state: GapState, minute: number, reason: string): GapNote =>
      note(series.id, state, { openTime: at(n), at: at(minute), reason });
    await gaps.note([say(0, "pending", 1.8, "in time"), say(2, "pending", 3.8, "discarded")]);
    await gaps.note([say(0, "healed", 1.9, "arrived"), say(2, "missing", 4.1, "discarded")]);
    await gaps.note([say(2, "healed", 9, "arrived"), say(10, "pending", 11.8, "never told")]);
    await gaps.note([say(10, "healed", 20, "arrived"), say(20, "missing", 22.1, "still open")]);

    const listed = await gaps.list({ series, limit: 5 });
    expect(
      listed.map(({ state, reason, discardedAt }) => ({ state, reason, discardedAt })),
    ).toEqual([
      { state: "missing", reason: "still open", discardedAt: at(22.1) },
      { state: "healed", reason: "never told", discardedAt: at(12) },
      { state: "healed", reason: "discarded", discardedAt: at(4.1) },
      { state: "healed", reason: "in time", discardedAt: null },
    ]);
  });

  test("keeps an empty gap empty, until its candle has come after all", async () => {
    const { gaps } = opened.store;
    const series = await follow("EMPTY/USDT");
    await gaps.note([note(series.id, "empty")]);
    const healed = note(series.id, "healed", { at: MONDAY + 5 * MINUTE });

    expect(await gaps.note([note(series.id, "missing"), note(series.id, "pending")])).toEqual([]);
    expect(await gaps.note([healed])).toEqual([healed]);
    expect(await gaps.note([healed, note(series.id, "empty")])).toEqual([]);

    const settledAt = MONDAY + 5 * MINUTE;
    expect(await gaps.list({ series, limit: 5 })).toMatchObject([{ state: "healed", settledAt }]);
  });

  test("takes no candle for a gap that is stored", async () => {
    const { gaps, candles } = opened.store;
    const series = await follow("STORED/USDT");
    await candles.upsert("1m", [candleRow(series.id, 0)]);
    const next = note(series.id, "missing", { openTime: MONDAY + MINUTE });

    const states = ["pending", "missing", "empty"] as const;
    const changed = await gaps.note([...states.map((state) => note(series.id, state)), next]);

    expect(changed).toEqual([next]);
    expect(await gaps.list({ series, limit: 5 })).toMatchObject([{ openTime: MONDAY + MINUTE }]);
  });

  test("heals nothing that was no gap", async () => {
    const { gaps } = opened.store;
    const series = await follow("FINE/USDT");

    expect(await gaps.note([note(series.id, "healed")])).toEqual([]);
    expect(await gaps.list({ series, limit: 5 })).toEqual([]);
  });

  test("tells a further attempt from the same note again", async () => {
    const { gaps } = opened.store;
    const series = await follow("AGAIN/USDT");
    const second = note(series.id, "pending", { attempts: 2, reason: "still no row" });

    await gaps.note([note(series.id, "pending")]);

    expect(await gaps.note([second])).toEqual([second]);
    expect(await gaps.note([second])).toEqual([]);
  });

  test("lists newest first in pages, by state, and gives open times of a window", async () => {
    const { gaps } = opened.store;
    const series = await follow("PAGE/USDT");
    const at = (place: number) => MONDAY + place * MINUTE;
    await gaps.note(
      [0, 1, 2, 3].map((i) =>
        note(series.id, i === 3 ? "missing" : "pending", { openTime: at(i) }),
      ),
    );

    const first = await gaps.list({ series, limit: 2 });
    const rest = await gaps.list({ series, limit: 9, beforeId: first.at(-1)?.id ?? 0 });
    const missing = await gaps.list({ series, state: "missing", limit: 9 });

    expect(first.map(({ openTime }) => openTime)).toEqual([at(3), at(2)]);
    expect(rest.map(({ openTime }) => openTime)).toEqual([at(1), at(0)]);
    expect(missing.map(({ openTime }) => openTime)).toEqual([at(3)]);
    const states = ["pending", "missing"] as const;
    expect(await gaps.openTimes(series.id, at(1), at(3), states)).toEqual([at(1), at(2), at(3)]);
    expect(await gaps.openTimes(series.id, at(1), at(3), ["missing"])).toEqual([at(3)]);
  });
}
