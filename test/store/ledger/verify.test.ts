import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withStore } from "../../kit/store.ts";
import { candleRow, MINUTE, MONDAY } from "../builders.ts";
import { proven, tamper, written } from "./world.ts";

const opened = withStore();
let count = 0;
const fresh = (timeframe: "1m" | "5m" | "1h" = "1m") => {
  count += 1;
  return { exchange: "binance", pair: `L${count}/USDT`, timeframe } as const;
};
const rows = (from: number, to: number) => (id: number) =>
  Array.from({ length: to - from }, (_, i) => candleRow(id, from + i));

describe("a chain as the store writes it", () => {
  test("is proven anew, revisions and backfills included", async () => {
    const series = fresh();
    await written(opened.store, series, [
      rows(50, 60),
      rows(0, 50),
      (id) => [candleRow(id, 55, { volume: 700 }), candleRow(id, 3, { volume: 600 })],
      (id) => [candleRow(id, 55, { volume: 800 })],
    ]);

    const report = await proven(opened.store, series);

    expect(report).toEqual({ rows: 63, comparedWith: null, findings: [] });
  });

  test("is proven whatever was written in whatever order, in one page or in many", async () => {
    const batch = fc.array(
      fc.record({ place: fc.nat(40), volume: fc.double({ min: 0, max: 1e9, noNaN: true }) }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 6 }), async (batches) => {
        const series = fresh();
        await written(
          opened.store,
          series,
          batches.map(
            (one) => (id: number) =>
              one.map(({ place, volume }) => candleRow(id, place, { volume })),
          ),
        );
        const report = await proven(opened.store, series);
        const inSql = await opened.store.candles.verify(series);
        expect(report.findings).toEqual([]);
        expect(inSql).toMatchObject({ rows: report.rows, broken: null, headFits: true });
      }),
      { numRuns: 30 },
    );
  });

  test("is read over more than one page", async () => {
    const series = fresh();
    await written(opened.store, series, [rows(0, 2_000), rows(2_000, 4_001)]);

    expect(await proven(opened.store, series)).toMatchObject({ rows: 4_001, findings: [] });
  });
});

describe("a row that was tampered with", () => {
  const at = MONDAY + 5 * MINUTE;
  const where = `where series_id = $1 and open_time = to_timestamp(${at} / 1000.0)`;

  test.each([
    ["open", "open = open + 0.0000001"],
    ["high", "high = high + 0.0000001"],
    ["low", "low = low - 0.0000001"],
    ["close", "close = close + 0.0000001"],
    ["volume", "volume = volume + 1"],
    ["fetched_at", "fetched_at = fetched_at + interval '1 microsecond'"],
    ["attempt", "attempt = attempt + 1"],
    ["source", "source = 'backfill'"],
    ["revision", "revision = 2"],
    ["hash", "hash = set_byte(hash, 7, get_byte(hash, 7) # 1)"],
  ])("in %s is named", async (_column, change) => {
    const series = fresh();
    const { id } = await written(opened.store, series, [rows(0, 10)]);

    await tamper(opened.server.socketDir, `update hub.candles set ${change} ${where}`, [id]);

    const { findings } = await proven(opened.store, series);
    expect(findings[0]).toMatchObject({ openTime: at, fault: { kind: "altered" } });
  });

  test("in its open time is named where it lies now", async () => {
    const series = fresh();
    const { id } = await written(opened.store, series, [rows(0, 10)]);
    const change = "open_time = open_time + interval '1 second'";

    await tamper(opened.server.socketDir, `update hub.candles set ${change} ${where}`, [id]);

    const { findings } = await proven(opened.store, series);
    expect(findings.map(({ openTime, fault }) => [openTime, fault.kind])).toEqual([
      [at + 1_000, "altered"],
      [at + 1_000, "misaligned"],
    ]);
  });

  test("in its place in the chain is named", async () => {
    const series = fresh();
    const { id } = await written(opened.store, series, [rows(0, 10)]);

    await tamper(opened.server.socketDir, `update hub.candles set chain_seq = 99 ${where}`, [id]);

    const { findings } = await proven(opened.store, series);
    expect(findings).toContainEqual({
      openTime: at,
      revision: 1,
      fault: { kind: "missing-before", seq: 98 },
    });
    expect(findings.map(({ fault }) => fault.kind)).toContain("wrong-end");
  });

  test("in an older form of a revised candle is named with its form", async () => {
    const series = fresh();
    const { id } = await written(opened.store, series, [
      rows(0, 10),
      (one) => [candleRow(one, 5, { close: 100.9 })],
    ]);

    await tamper(
      opened.server.socketDir,
      `update hub.candle_revisions set close = close + 0.1 ${where}`,
      [id],
    );

    const { findings } = await proven(opened.store, series);
    expect(findings).toEqual([{ openTime: at, revision: 1, fault: { kind: "altered" } }]);
  });
});

describe("a row that was removed", () => {
  const remove = (place: number): string =>
    `delete from hub.candles where series_id = $1 and open_time = to_timestamp(${MONDAY + place * MINUTE} / 1000.0)`;

  test.each([
    [
      "at the start",
      0,
      { openTime: MONDAY + MINUTE, revision: 1, fault: { kind: "missing-before", seq: 1 } },
    ],
    [
      "in the middle",
      5,
      { openTime: MONDAY + 6 * MINUTE, revision: 1, fault: { kind: "missing-before", seq: 6 } },
    ],
    [
      "at the end",
      9,
      { openTime: null, revision: 0, fault: { kind: "wrong-end", expectedSeq: 10, foundSeq: 9 } },
    ],
  ])("%s is missed", async (_where, place, finding) => {
    const series = fresh();
    const { id } = await written(opened.store, series, [rows(0, 10)]);

    await tamper(opened.server.socketDir, remove(place), [id]);

    const { findings } = await proven(opened.store, series);
    expect(findings[0]).toEqual(finding);
    expect(findings.at(-1)?.fault).toEqual({ kind: "wrong-count", expected: 10, found: 9 });
  });

  test("and put back in another's place is named", async () => {
    const series = fresh();
    const { id } = await written(opened.store, series, [rows(0, 10)]);
    const swap = `update hub.candles x set close = y.close, chain_seq = y.chain_seq, hash = y.hash
      from hub.candles y where x.series_id = $1 and y.series_id = $1 and x.tf = 1 and y.tf = 1
        and (x.chain_seq, y.chain_seq) in ((4, 6), (6, 4))`;

    await tamper(opened.server.socketDir, swap, [id]);

    const { findings } = await proven(opened.store, series);
    expect(findings.map(({ openTime, fault }) => [openTime, fault.kind])).toEqual([
      [MONDAY + 3 * MINUTE, "altered"],
      [MONDAY + 5 * MINUTE, "altered"],
    ]);
  });
});

describe("a longer candle", () => {
  const part = (place: number) => ({
    open: 100 + place / 100,
    high: 101 + place / 100,
    low: 99 + place / 100,
    close: 100.5 + place / 100,
    volume: 0.1 + place,
  });
  const parts = (id: number) => Array.from({ length: 60 }, (_, i) => candleRow(id, i, part(i)));
  const sum = {
    open: part(0).open,
    high: part(59).high,
    low: part(0).low,
    close: part(59).close,
    volume: Array.from({ length: 60 }, (_, i) => part(i).volume).reduce((a, b) => a + b, 0),
  };
  const hour = (over: object) => (id: number) => [
    candleRow(id, 0, { ...sum, fetchedAt: MONDAY + 3_605_000, ...over }),
  ];

  test("that is the sum of its minutes is well", async () => {
    const minutes = fresh();
    const hours = { ...minutes, timeframe: "1h" } as const;
    await written(opened.store, minutes, [parts]);
    await written(opened.store, hours, [hour({})]);

    expect(await proven(opened.store, hours)).toEqual({
      rows: 1,
      comparedWith: "1m",
      findings: [],
    });
  });

  test.each(["open", "high", "low", "close", "volume"] as const)(
    "whose %s its minutes do not come to is named, though its chain is sound",
    async (field) => {
      const minutes = fresh();
      const hours = { ...minutes, timeframe: "1h" } as const;
      await written(opened.store, minutes, [parts]);
      const wrong = field === "high" || field === "volume" ? 1e-4 : field === "low" ? -1e-4 : 1e-4;
      await written(opened.store, hours, [hour({ [field]: sum[field] + wrong })]);

      const { findings } = await proven(opened.store, hours);

      expect(findings).toMatchObject([
        { openTime: MONDAY, fault: { kind: "not-the-sum", of: "1m", field } },
      ]);
    },
  );

  test("with a minute missing is not compared", async () => {
    const minutes = fresh();
    const hours = { ...minutes, timeframe: "1h" } as const;
    await written(opened.store, minutes, [(id) => parts(id).slice(1)]);
    await written(opened.store, hours, [hour({ close: 100 })]);

    expect((await proven(opened.store, hours)).findings).toEqual([]);
  });
});

describe("a candle that proves itself and cannot be", () => {
  test("because it was fetched before it was closed, is named", async () => {
    const series = fresh();
    await written(opened.store, series, [
      (id) => [candleRow(id, 0, { fetchedAt: MONDAY + 20_000 })],
    ]);

    const { findings } = await proven(opened.store, series);

    expect(findings).toEqual([
      { openTime: MONDAY, revision: 1, fault: { kind: "not-closed", fetchedAt: MONDAY + 20_000 } },
    ]);
  });
});
