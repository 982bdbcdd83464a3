import { describe, expect, test } from "vitest";
import type { KnownSeries } from "../../../src/store/port.ts";
import { withStore } from "../../kit/store.ts";
import { MINUTE } from "../builders.ts";
import { beginCandle, handsOn, SOUND, untilSomebodyWaits } from "./kit.ts";

const opened = withStore();

const { client, sql, follow, put } = handsOn(opened);
const start = Date.UTC(2029, 0, 1);
const over = start + 31 * 86_400_000;

describe("a month that is put in order", () => {
  /** Its series side by side, as the closes laid them. */
  const fill = async (timeframe: "5m" | "30m") => {
    const series = [await follow("A/USDT", timeframe), await follow("B/USDT", timeframe)];
    for (const openTime of [start, start + 60 * MINUTE]) {
      for (const one of series) await put(one, [openTime]);
    }
    return series as [KnownSeries, KnownSeries];
  };
  const order = (table: string) =>
    sql(`select series_id, hub.ms(open_time)::float8 as at from hub.${table} order by ctid`);

  test("holds the candles of a series side by side, and its rows as before", async () => {
    const { upkeep, candles } = opened.store;
    const [a, b] = await fill("30m");

    const begun = await upkeep.tidy(over);
    const done = await upkeep.tidy(over);

    expect([begun, done]).toEqual([
      { kind: "done", month: null, more: true },
      { kind: "done", month: "30m 2029-01", more: false },
    ]);
    expect(await order("candles_30_202901")).toEqual(
      [a, b].flatMap(({ id }) => [
        { series_id: id, at: start },
        { series_id: id, at: start + 60 * MINUTE },
      ]),
    );
    expect(await candles.verify(a)).toEqual({ rows: 2, ...SOUND });
    const constraints = await sql(`select conname from pg_constraint
      where conrelid = 'hub.candles_30_202901'::regclass and contype = 'c'`);
    expect(constraints).toEqual([{ conname: "candles_check" }]);
  });

  test("is left as it is when a row came meanwhile, and taken up another time", async () => {
    const { upkeep } = opened.store;
    const [a] = await fill("5m");
    await upkeep.tidy(over);
    await put(a, [start + 5 * MINUTE]);

    const unquiet = await upkeep.tidy(over);
    const later = await upkeep.tidy(over);

    expect(unquiet).toEqual({ kind: "busy" });
    expect(later).toMatchObject({ month: "5m 2029-01" });
    expect(await opened.store.candles.last(a, 9)).toHaveLength(3);
  });

  test("loses no row that is written while it is copied", async () => {
    const { upkeep, candles } = opened.store;
    const series = await follow("LATE/USDT", "15m");
    await put(series, [start]);
    await upkeep.tidy(over);
    const writer = await client();
    await beginCandle(writer, 15, series.id, start + 15 * MINUTE);

    const copying = upkeep.tidy(over);
    await untilSomebodyWaits(writer);
    await writer.query("commit");
    await writer.end();

    expect(await copying).toEqual({ kind: "busy" });
    expect(await candles.last(series, 9)).toHaveLength(2);
    expect(await candles.verify(series)).toEqual({ rows: 2, ...SOUND });
    expect(await sql("select relname from pg_class where relname like 'tidy%'")).toEqual([]);
  });
});
