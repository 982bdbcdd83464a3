import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CandleAge } from "../../../src/store/upkeep-port.ts";
import { withStore } from "../../kit/store.ts";
import { DAY, MINUTE } from "../builders.ts";
import { untilDone } from "../steps.ts";
import { beginCandle, handsOn, SOUND, untilSomebodyWaits } from "./kit.ts";

const opened = withStore();

const { client, sql, follow, put } = handsOn(opened);
const minutesFrom = (start: number, count: number) =>
  Array.from({ length: count }, (_, i) => start + i * MINUTE);

describe("months that are old", () => {
  test("are those that ended at or before the cut, in leap years and at any hour", async () => {
    const series = await follow("MONTHS/USDT", "5m");
    const first = Date.UTC(2027, 10, 1);
    const starts = Array.from({ length: 7 }, (_, i) => Date.UTC(2027, 10 + i, 1));
    await put(series, [first, Date.UTC(2028, 1, 29, 23, 55), Date.UTC(2032, 0, 1)]);
    await opened.store.candles.ensurePartitions("5m", first, Date.UTC(2028, 4, 1));
    const session = await client();
    const dropped = async (keepMs: number, nowMs: number): Promise<string[]> => {
      const months: string[] = [];
      await session.query("begin");
      for (let more = true; more; ) {
        const { rows } = await session.query<{ answer: { month: string | null; more: boolean } }>(
          "select public.hub_candles_retire(5::smallint, $1, $2) as answer",
          [keepMs, nowMs],
        );
        const [{ answer } = { answer: { month: null, more: false } }] = rows;
        if (answer.month !== null) months.push(answer.month);
        more = answer.more;
      }
      await session.query("rollback");
      return months;
    };
    const nearAnEdge = fc
      .tuple(fc.constantFrom(...starts), fc.integer({ min: -2, max: 2 }))
      .map(([start, ms]) => start + ms);
    const anyTime = fc.integer({ min: first - 40 * DAY, max: Date.UTC(2028, 6, 1) });

    await fc.assert(
      fc.asyncProperty(
        fc.oneof(nearAnEdge, anyTime),
        fc.integer({ min: 1, max: 800 }),
        async (cutMs, days) => {
          const months = await dropped(days * DAY, cutMs + days * DAY);

          const over = starts.filter((_, i) => Date.UTC(2027, 11 + i, 1) <= cutMs);
          expect(months).toEqual(
            over.map((start) => new Date(start).toISOString().slice(0, 7).replace("-", "")),
          );
        },
      ),
      { numRuns: 60 },
    );
    await session.end();
  });

  /** A month of two series, told page by page, and something young. */
  const fill = async (month: number, names: readonly [string, string]) => {
    const start = Date.UTC(2027, month, 1);
    const [one, two] = [await follow(names[0], "1m"), await follow(names[1], "1m")];
    await put(one, [start + 40 * DAY]);
    await put(two, [start + 40 * DAY]);
    const earlier: CandleAge = { timeframe: "1m", keepMs: 0, nowMs: start };
    await untilDone(() => opened.store.upkeep.retire(earlier));
    // Not in the order of their series, so that putting them in order moves them.
    await put(two, minutesFrom(start, 200));
    await put(one, minutesFrom(start, 300));
    const age: CandleAge = { timeframe: "1m", keepMs: 0, nowMs: start + 40 * DAY };
    const args = { p_tf: 1, p_keep_ms: 0, p_now: age.nowMs, p_pages: 1 };
    const page = async () =>
      (await opened.database.call("hub_candles_retire", args)) as {
        month: string | null;
        rows: number;
        more: boolean;
      };
    return { start, one, two, age, page };
  };

  test("go at a stroke after they were counted page by page: all proofs and counts hold at any time", async () => {
    const { candles } = opened.store;
    const before = await candles.count();
    const { one, two, page } = await fill(0, ["PAGES/USDT", "SHEETS/USDT"]);

    const seen: unknown[] = [];
    for (let last = await page(); last.more; last = await page()) {
      const report = await candles.verify(one);
      seen.push([last.month, last.rows, (await candles.count()) - before, report]);
    }

    const there = [null, 0, 502, { rows: 301, ...SOUND }];
    expect(seen.length).toBeGreaterThan(8);
    expect(seen).toEqual([
      ...seen.slice(1).map(() => there),
      ["202701", 500, 2, { rows: 1, ...SOUND }],
    ]);
    expect(await candles.verify(two)).toEqual({ rows: 1, ...SOUND });
    expect(await sql("select to_regclass('hub.candles_1_202701') as part")).toEqual([
      { part: null },
    ]);
  });

  test("are counted anew when a candle comes late, or somebody rewrites them", async () => {
    const { upkeep, candles } = opened.store;
    const { start, one, two, age, page } = await fill(2, ["ANEW/USDT", "AFRESH/USDT"]);
    const before = await candles.count();
    for (let i = 0; i < 4; i += 1) await page();

    await put(one, [start + 10 * DAY]);
    const late = await upkeep.retire(age);
    for (let i = 0; i < 4; i += 1) await page();
    await sql("cluster hub.candles_1_202703 using candles_1_202703_pkey");
    const removed = await untilDone(() => upkeep.retire(age));

    expect(late).toEqual({ kind: "busy" });
    expect(removed).toBe(501);
    expect((await candles.count()) - before).toBe(1 - 501);
    const each = `select candles::int from hub.series where id in (${one.id}, ${two.id})`;
    expect(await sql(each)).toEqual([{ candles: 1 }, { candles: 1 }]);
    expect(await candles.verify(one)).toEqual({ rows: 1, ...SOUND });
  });

  test("stay when a candle comes in the very moment in which they go", async () => {
    const { upkeep, candles } = opened.store;
    const { start, one, age, page } = await fill(4, ["MOMENT/USDT", "INSTANT/USDT"]);
    // The last step but one has nothing left to count.
    const pages = await sql("select pg_relation_size('hub.candles_1_202705') / 8192 as n");
    for (let i = 0; i <= Number(pages[0]?.["n"]); i += 1) await page();
    const writer = await client();
    await beginCandle(writer, 1, one.id, start + 10 * DAY);

    const dropping = upkeep.retire(age);
    await untilSomebodyWaits(writer);
    await writer.query("commit");
    await writer.end();

    expect(await dropping).toEqual({ kind: "busy" });
    expect(await candles.verify(one)).toEqual({ rows: 302, ...SOUND });
    expect(await upkeep.retire(age)).toEqual({ kind: "busy" });
    expect(await untilDone(() => upkeep.retire(age))).toBe(501);
  });

  test("leave one hash a series behind, however many they are", async () => {
    const { upkeep } = opened.store;
    const series = await follow("HASH/USDT", "15m");
    const months = [0, 1, 2, 3].map((month) => Date.UTC(2029, month, 1));
    await put(series, months);

    for (const nowMs of months) {
      await untilDone(() => upkeep.retire({ timeframe: "15m", keepMs: 0, nowMs }));
    }

    const left = await sql(`select chain_seq::int from hub.chain_anchors
      where series_id = ${series.id}`);
    expect(left).toEqual([{ chain_seq: 3 }]);
  });

  test("stay when the settings change their mind while they are counted", async () => {
    const { upkeep, candles } = opened.store;
    const { one, age, page } = await fill(5, ["MIND/USDT", "HEART/USDT"]);
    for (let i = 0; i < 4; i += 1) await page();

    const step = await upkeep.retire({ ...age, keepMs: 400 * DAY });

    expect(step).toMatchObject({ kind: "done", month: null, more: false });
    expect(await candles.last(one, 1_000)).toHaveLength(301);
  });

  test("stay while somebody reads them, and nobody waits for long", async () => {
    const { upkeep, candles } = opened.store;
    const start = Date.UTC(2027, 5, 1);
    const series = await follow("READ/USDT", "15m");
    await put(series, [start, start + 40 * DAY]);
    const reader = await client();
    await reader.query("begin");
    await reader.query("select count(*) from hub.candles_15_202706");
    const age: CandleAge = { timeframe: "15m", keepMs: DAY, nowMs: start + 40 * DAY };

    // Nobody minds being read while it is counted.
    const counting = [await upkeep.retire(age), await upkeep.retire(age)];
    const dropping = await upkeep.retire(age);
    const left = await candles.last(series, 5);
    await reader.query("commit");
    await reader.end();

    expect(counting).toMatchObject([
      { month: null, more: true },
      { month: null, more: true },
    ]);
    expect(dropping).toEqual({ kind: "busy" });
    expect(left).toHaveLength(2);
    expect(await upkeep.retire(age)).toMatchObject({ kind: "done", month: "2027-06", rows: 1 });
  });

  test("are left to the one hub that is at work", async () => {
    const { upkeep } = opened.store;
    const other = await client();
    await other.query("begin");
    await other.query("select pg_advisory_xact_lock(471150, 0)");
    const age: CandleAge = { timeframe: "1m", keepMs: DAY, nowMs: Date.UTC(2027, 0, 1) };

    const steps = await Promise.all([
      upkeep.trim(age),
      upkeep.retire(age),
      upkeep.forget("events", 0),
      upkeep.tidy(0),
    ]);
    await other.query("commit");
    await other.end();

    expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(["busy"]));
    expect(await upkeep.trim(age)).toMatchObject({ kind: "done" });
  });
});

test("old candles go also where their month never had a table of its own", async () => {
  const { upkeep, candles, database } = opened.store;
  const series = await follow("STRAY/USDT", "30m");
  const start = Date.UTC(2026, 3, 1);
  const at = [start, start + 30 * MINUTE];
  const ones = at.map(() => 1);
  // Straight to the function: the repository would have made the month first.
  await database.call("hub_candles_upsert", {
    p_tf: 30,
    s: at.map(() => series.id),
    t: at,
    o: ones,
    h: ones,
    l: ones,
    c: ones,
    v: ones,
    source: at.map(() => "backfill"),
    attempt: ones,
    fetched: at,
  });
  const age: CandleAge = { timeframe: "30m", keepMs: 0, nowMs: at[1] ?? 0 };

  const step = await upkeep.trim(age);

  expect(step).toMatchObject({ candles: 1, more: false });
  expect((await candles.last(series, 5)).map(({ openTime }) => openTime)).toEqual([at[1]]);
  expect(await candles.verify(series)).toEqual({ rows: 1, ...SOUND });
});

describe("the proof of what is left", () => {
  test("finds a kept hash that was changed", async () => {
    const { upkeep, candles } = opened.store;
    const start = Date.UTC(2027, 0, 1);
    const series = await follow("FORGED/USDT", "1d");
    await put(series, [start, start + DAY, start + 2 * DAY]);
    await upkeep.trim({ timeframe: "1d", keepMs: DAY, nowMs: start + 2 * DAY });
    const sound = await candles.verify(series);

    await sql(`update hub.chain_anchors set hash = sha256('') where series_id = ${series.id}`);

    expect(sound).toEqual({ rows: 2, ...SOUND });
    expect(await candles.verify(series)).toMatchObject({
      unlinked: 0,
      broken: { seq: 2, openTime: start + DAY },
    });
    await sql(`delete from hub.chain_anchors where series_id = ${series.id}`);
    expect(await candles.verify(series)).toMatchObject({ unlinked: 1, broken: null });
  });
});
