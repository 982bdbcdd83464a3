import { expect, test } from "vitest";
import type { Series } from "../../../src/market/series.ts";
import type { KnownSeries, Store } from "../../../src/store/port.ts";
import { candle, candleRow, DAY, MINUTE, MONDAY } from "../builders.ts";

export function candlePromises(opened: { readonly store: Store }): void {
  const follow = async (pair: string, timeframe: Series["timeframe"] = "1m") => {
    const series = { exchange: "binance", pair, timeframe };
    return (await opened.store.watch.add("candles", series, "test", MONDAY)).series;
  };
  const places = (series: KnownSeries, from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => candleRow(series.id, from + i));

  test("tells new rows from revised and unchanged ones", async () => {
    const { candles } = opened.store;
    const series = await follow("NEW/USDT");

    const first = await candles.upsert("1m", places(series, 0, 3));
    const again = await candles.upsert("1m", [
      ...places(series, 0, 2),
      candleRow(series.id, 2, { close: 100.5 }),
      candleRow(series.id, 3),
    ]);

    expect(first).toEqual({ added: [0, 1, 2], revised: [] });
    expect(again).toEqual({ added: [3], revised: [2] });
  });

  test("keeps what a later answer said of a candle when an older one is written after it", async () => {
    const { candles } = opened.store;
    const series = await follow("OLDER/USDT");
    const { fetchedAt } = candleRow(series.id, 0);
    const said = (close: number, agoMs: number) =>
      candles.upsert("1m", [candleRow(series.id, 0, { close, fetchedAt: fetchedAt - agoMs })]);

    const answers = [await said(100.5, 0), await said(100.6, 16_000), await said(100.7, 0)];

    expect(answers.map(({ revised }) => revised)).toEqual([[], [], [0]]);
    expect(await candles.last(series, 5)).toEqual([candle(0, { close: 100.7 })]);
  });

  test("believes an answer that seems older by hours: the clock was set back", async () => {
    const { candles } = opened.store;
    const series = await follow("BACK/USDT");
    const { fetchedAt } = candleRow(series.id, 0);
    await candles.upsert("1m", [candleRow(series.id, 0)]);

    const change = { close: 100.5, fetchedAt: fetchedAt - 61 * MINUTE };
    const answer = await candles.upsert("1m", [candleRow(series.id, 0, change)]);

    expect(answer).toEqual({ added: [], revised: [0] });
  });

  test("takes the last of a candle that comes twice in one batch", async () => {
    const { candles } = opened.store;
    const series = await follow("TWICE/USDT");
    const late = candleRow(series.id, 0, { close: 100.7 });

    const answer = await candles.upsert("1m", [candleRow(series.id, 0), late]);

    expect(answer).toEqual({ added: [1], revised: [] });
    expect(await candles.last(series, 5)).toEqual([candle(0, { close: 100.7 })]);
  });

  test("gives figures back to the last bit, oldest first, up to an instant", async () => {
    const { candles } = opened.store;
    const series = await follow("BITS/USDT");
    const odd = { open: 0.1 + 0.2, high: 0.5, low: 1e-9, close: 1 / 3, volume: 123456789.12345679 };
    await candles.upsert("1m", [candleRow(series.id, 9, odd), ...places(series, 0, 9)]);

    const newest = await candles.last(series, 2);
    const until = await candles.last(series, 2, MONDAY + 4 * MINUTE);

    expect(newest).toEqual([candle(8), candle(9, odd)]);
    expect(until).toEqual([candle(3), candle(4)]);
  });

  test("reads a range with its start, without its end, and not more than asked for", async () => {
    const { candles } = opened.store;
    const series = await follow("RANGE/USDT");
    await candles.upsert("1m", places(series, 0, 8));

    const inside = await candles.range(series, MONDAY + 2 * MINUTE, MONDAY + 5 * MINUTE, 100);
    const cut = await candles.range(series, MONDAY, MONDAY + DAY, 2);

    expect(inside).toEqual([candle(2), candle(3), candle(4)]);
    expect(cut).toEqual([candle(0), candle(1)]);
  });

  test("answers nothing for a series without candles and for one nobody knows", async () => {
    const { candles } = opened.store;
    const series = await follow("NONE/USDT", "4h");

    expect(await candles.last(series, 10)).toEqual([]);
    const unknown = { exchange: "nowhere", pair: "A/B", timeframe: "1h" } as const;
    expect(await candles.range(unknown, 0, MONDAY, 10)).toEqual([]);
  });

  test("refuses a row of an unknown series, and one that contradicts itself", async () => {
    const { candles } = opened.store;
    const series = await follow("WRONG/USDT");

    const unknown = candles.upsert("1m", [candleRow(999_999, 0)]);
    await expect(unknown).rejects.toMatchObject({ fault: "refused", reason: "23502" });
    const twisted = candles.upsert("1m", [candleRow(series.id, 0, { high: 1 })]);
    await expect(twisted).rejects.toMatchObject({ fault: "refused", reason: "23514" });
    expect(await candles.last(series, 5)).toEqual([]);
  });

  test("counts what it holds, revisions aside", async () => {
    const { candles } = opened.store;
    const series = await follow("COUNT/USDT");
    const before = await candles.count();

    await candles.upsert("1m", places(series, 0, 5));
    await candles.upsert("1m", [candleRow(series.id, 4, { close: 100.9 })]);

    expect((await candles.count()) - before).toBe(5);
  });

  test("knows how far a series goes, whatever the order of writing", async () => {
    const { candles, watch } = opened.store;
    const series = await follow("FAR/USDT", "1d");

    await candles.upsert("1d", [candleRow(series.id, 0, { openTime: MONDAY + 5 * DAY })]);
    await candles.upsert("1d", [candleRow(series.id, 0, { openTime: MONDAY })]);

    const known = (await watch.active()).find(({ id }) => id === series.id);
    expect(known?.newestOpenTime).toBe(MONDAY + 5 * DAY);
  });

  test("chains every row that was written, older forms included", async () => {
    const { candles } = opened.store;
    const series = await follow("CHAIN/USDT");
    await candles.upsert("1m", places(series, 5, 10));
    await candles.upsert("1m", places(series, 0, 6));
    await candles.upsert("1m", [candleRow(series.id, 7, { volume: 1 })]);
    await candles.upsert("1m", [candleRow(series.id, 7, { volume: 2, source: "backfill" })]);

    const report = await candles.verify(series);

    expect(report).toEqual({ rows: 12, unlinked: 0, broken: null, headFits: true });
  });

  test("writes into months that have no partition yet", async () => {
    const { candles } = opened.store;
    const series = await follow("MONTH/USDT", "5m");
    const old = candleRow(series.id, 0, { openTime: Date.UTC(2019, 1, 28, 23, 55) });
    const next = candleRow(series.id, 0, { openTime: Date.UTC(2019, 2, 1) });

    await candles.ensurePartitions("5m", Date.UTC(2019, 0, 1), Date.UTC(2019, 1, 1));
    await candles.ensurePartitions("5m", Date.UTC(2019, 0, 1), Date.UTC(2019, 1, 1));
    const answer = await candles.upsert("5m", [old, next]);

    expect(answer.added).toEqual([0, 1]);
    expect(await candles.last(series, 5)).toHaveLength(2);
  });

  test("makes months for the timeframe that is asked for alone, and none for long ones", async () => {
    const { candles, database } = opened.store;
    const from = Date.UTC(1999, 10, 30);
    const to = Date.UTC(2000, 0, 1);

    await candles.ensurePartitions("15m", from, to);
    await candles.ensurePartitions("1w", from, to);
    const left = await database.call("hub_candle_partitions", { p_from: from, p_to: to });

    const months = ["199911", "199912", "200001"];
    expect(left).toEqual([1, 5, 30].flatMap((tf) => months.map((m) => `candles_${tf}_${m}`)));
  });

  test("makes no month of a short timeframe for the old candles of a long one", async () => {
    const { candles, database } = opened.store;
    const series = await follow("WEEK/USDT", "1w");
    const openTime = Date.UTC(1998, 0, 5);

    await candles.upsert("1w", [candleRow(series.id, 0, { openTime })]);
    const args = { p_from: openTime, p_to: openTime };
    const left = await database.call("hub_candle_partitions", args);

    expect(left).toHaveLength(4);
  });
}
