import { expect, test } from "vitest";
import type { Series } from "../../../src/market/series.ts";
import type { Timeframe } from "../../../src/market/timeframe.ts";
import type { KnownSeries, Store } from "../../../src/store/port.ts";
import { candleRow, DAY, MINUTE } from "../builders.ts";
import { untilDone } from "../steps.ts";

const HOUR = 60 * MINUTE;
/** Long after everything that the other promises write, and at the start of a month. */
const MAY = Date.UTC(2030, 4, 1);
const JUNE = Date.UTC(2030, 5, 1);
const JULY = Date.UTC(2030, 6, 1);

export function retentionPromises(opened: { readonly store: Store }): void {
  const follow = async (pair: string, timeframe: Series["timeframe"]) => {
    const series = { exchange: "binance", pair, timeframe };
    return (await opened.store.watch.add("retention", series, "test", MAY)).series;
  };
  const put = (series: KnownSeries, ...openTimes: readonly number[]) =>
    opened.store.candles.upsert(
      series.timeframe,
      openTimes.map((openTime) => candleRow(series.id, 0, { openTime })),
    );
  const kept = async (series: KnownSeries) =>
    (await opened.store.candles.last(series, 1_000)).map(({ openTime }) => openTime);
  /** Does what the janitor does for the candles of a timeframe. */
  const roll = async (timeframe: Timeframe, keepMs: number, nowMs: number): Promise<void> => {
    const { upkeep } = opened.store;
    const age = { timeframe, keepMs, nowMs };
    await untilDone(() => upkeep.trim(age));
    await untilDone(() => upkeep.retire(age));
  };

  test("takes candles out by whole months, and never one that is younger than the limit", async () => {
    const series = await follow("ROLL/USDT", "5m");
    const last = JULY - 5 * MINUTE;
    await put(series, MAY, JUNE - 5 * MINUTE, JUNE, last, JULY, JULY + 10 * DAY);

    await roll("5m", 10 * DAY + 5 * MINUTE, JULY + 10 * DAY);
    const early = await kept(series);
    await roll("5m", 10 * DAY, JULY + 10 * DAY);

    expect(early).toEqual([JUNE, last, JULY, JULY + 10 * DAY]);
    expect(await kept(series)).toEqual([JULY, JULY + 10 * DAY]);
  });

  test("takes long candles out one by one", async () => {
    const series = await follow("ONE/USDT", "1h");
    const other = await follow("TWO/USDT", "1h");
    await put(series, MAY, MAY + HOUR, MAY + 2 * HOUR, MAY + 3 * HOUR);
    await put(other, MAY, MAY + 3 * HOUR);

    await roll("1h", HOUR, MAY + 3 * HOUR);

    expect(await kept(series)).toEqual([MAY + 2 * HOUR, MAY + 3 * HOUR]);
    expect(await kept(other)).toEqual([MAY + 3 * HOUR]);
  });

  test("counts age from the newest candle: a clock that runs ahead makes nothing old", async () => {
    const series = await follow("AHEAD/USDT", "4h");
    await put(series, MAY, MAY + 4 * HOUR);

    await roll("4h", 4 * HOUR, MAY + 3_650 * DAY);

    expect(await kept(series)).toEqual([MAY, MAY + 4 * HOUR]);
  });

  test("keeps everything where nothing is said", async () => {
    const series = await follow("EVER/USDT", "1w");
    await put(series, Date.UTC(2001, 0, 1), Date.UTC(2030, 4, 6));

    const step = await opened.store.upkeep.trim({ timeframe: "1w", keepMs: null, nowMs: JULY });

    expect(step).toMatchObject({ kind: "done", more: false });
    expect(await kept(series)).toHaveLength(2);
  });

  test("still counts right, and proves what is left, late and revised candles included", async () => {
    const { candles } = opened.store;
    const series = await follow("PROOF/USDT", "15m");
    const at = (n: number) => JUNE + n * 15 * MINUTE;
    const before = await candles.count();
    await put(series, at(-4), at(-3));
    await put(series, at(0), at(1));
    await put(series, at(-2), at(-1)); // late: written after the month that follows
    await put(series, at(2));
    const revise = (n: number) =>
      candles.upsert("15m", [candleRow(series.id, 1, { openTime: at(n) })]);
    await revise(-3);
    await revise(1);
    await put(series, at(3), JULY, JULY + 15 * MINUTE);

    await roll("15m", 20 * DAY, JULY);
    const afterMay = { report: await candles.verify(series), count: await candles.count() };
    await roll("15m", 15 * MINUTE, JULY + 15 * MINUTE);

    const sound = { unlinked: 0, broken: null, headFits: true };
    expect(afterMay.report).toEqual({ rows: 7, ...sound });
    expect(afterMay.count - before).toBe(6);
    expect(await candles.verify(series)).toEqual({ rows: 2, ...sound });
    expect((await candles.count()) - before).toBe(2);
  });

  test("proves a series of which nothing is left, and goes on with it", async () => {
    const { candles } = opened.store;
    const series = await follow("GONE/USDT", "1d");
    const other = await follow("STAYS/USDT", "1d");
    await put(series, MAY, MAY + DAY);
    await put(other, JULY);

    await roll("1d", DAY, JULY);
    const gone = await candles.verify(series);
    await put(series, JULY + DAY);

    expect(gone).toEqual({ rows: 0, unlinked: 0, broken: null, headFits: true });
    expect(await candles.verify(series)).toEqual({ ...gone, rows: 1 });
  });

  test("lets old forms of revised candles go before their candle, when told to", async () => {
    const { candles, upkeep } = opened.store;
    const series = await follow("FORMS/USDT", "30m");
    const form = (place: number) =>
      candles.upsert("30m", [
        candleRow(series.id, place, { openTime: JUNE, fetchedAt: JUNE + place * DAY }),
      ]);
    for (const place of [1, 2, 3]) await form(place);
    await put(series, JUNE + 30 * MINUTE);

    const age = { timeframe: "30m", keepMs: null, nowMs: JULY } as const;
    const step = await upkeep.trim(age, JUNE + 2 * DAY);

    expect(step).toMatchObject({ candles: 0, revisions: 1 });
    expect(await candles.verify(series)).toEqual({
      rows: 3,
      unlinked: 0,
      broken: null,
      headFits: true,
    });
  });

  test("puts closed months in order, one after the other, and changes nothing about them", async () => {
    const { candles, upkeep } = opened.store;
    const series = await follow("ORDER/USDT", "1m");
    const august = Date.UTC(2030, 7, 1);
    await put(series, august, august + 2 * MINUTE);
    await put(series, august + MINUTE);
    const before = await kept(series);

    const months: (string | null)[] = [];
    for (let i = 0; i < 400; i += 1) {
      const step = await upkeep.tidy(august + 32 * DAY);
      if (step.kind === "done" && step.month !== null) months.push(step.month);
      if (step.kind === "done" && step.month === null && !step.more) break;
    }

    expect(months).toContain("1m 2030-08");
    expect(new Set(months).size).toBe(months.length);
    expect(await kept(series)).toEqual(before);
    expect(await candles.verify(series)).toMatchObject({
      unlinked: 0,
      broken: null,
      headFits: true,
    });
    expect((await put(series, august + 3 * MINUTE)).added).toEqual([0]);
  });

  test("tells how much there is of everything", async () => {
    const { upkeep, candles } = opened.store;
    const { tables, candles: byTimeframe, databaseBytes } = await upkeep.figures({ months: true });

    const rows = byTimeframe.reduce((sum, one) => sum + one.rows, 0);
    expect(rows).toBe(await candles.count());
    const minutes = byTimeframe.find(({ timeframe }) => timeframe === "1m");
    expect(minutes?.months.map(({ month }) => month)).toEqual(
      expect.arrayContaining(["2030-08", "default"]),
    );
    expect(minutes?.newest).toBeGreaterThanOrEqual(minutes?.oldest ?? Number.NaN);
    const signals = tables.find(({ name }) => name === "signals");
    const seen = await opened.store.trade.signals({ limit: 1_000 });
    expect(signals).toMatchObject({ exact: true, rows: seen.length });
    for (const one of [...tables, ...byTimeframe]) {
      expect(one.totalBytes).toBe(one.tableBytes + one.indexBytes);
    }
    const all = [...tables, ...byTimeframe].reduce((sum, one) => sum + one.totalBytes, 0);
    expect(databaseBytes).toBeGreaterThan(all);
    expect((await upkeep.figures()).candles.flatMap(({ months }) => months)).toEqual([]);
  });
}
