import fc from "fast-check";
import { expect, test } from "vitest";
import type { CandleRow, Database } from "../../src/store/port.ts";
import { candleWrites } from "../../src/store/repositories/candle-writes.ts";
import { candleStore } from "../../src/store/repositories/candles.ts";
import { candleRow } from "./builders.ts";

const row = fc
  .record({ series: fc.integer({ min: 1, max: 3 }), place: fc.nat(9), close: fc.nat(2) })
  .map(({ series, place, close }) => candleRow(series, place, { close }));

/** What a table that starts empty makes of writes, one after the other. */
function written(writes: readonly { rows: readonly CandleRow[]; places: readonly number[] }[]) {
  const table = new Map<string, number>();
  const added: number[] = [];
  const revised: number[] = [];
  for (const { rows, places } of writes) {
    const last = new Map(rows.map((one, i) => [`${one.seriesId}@${one.openTime}`, i]));
    for (const [key, i] of last) {
      const before = table.get(key);
      const close = rows[i]?.close ?? Number.NaN;
      if (before === undefined) added.push(places[i] ?? -1);
      else if (before !== close) revised.push(places[i] ?? -1);
      table.set(key, close);
    }
  }
  return { table, added: new Set(added), revised: new Set(revised) };
}

test("rows cut into calls do what one call of all of them does, in calls of bearable size", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (rows, most) => {
      const cut = candleWrites(rows, most);

      expect(written(cut)).toEqual(written(candleWrites(rows, Number.POSITIVE_INFINITY)));
      for (const { rows: part, places } of cut) {
        expect(part.length).toBeLessThanOrEqual(most);
        expect(part).toEqual(places.map((place) => rows[place]));
      }
    }),
  );
});

test("answers speak of the rows that were handed in, whichever call they went with", async () => {
  const sizes: number[] = [];
  const database: Database = {
    call: (fn, args) => {
      if (fn !== "hub_candles_upsert") return Promise.resolve(null);
      const times = args["t"] as number[];
      sizes.push(times.length);
      // Every second row of a call is new, the others are revised.
      const indexes = [...times.keys()];
      const added = indexes.filter((i) => i % 2 === 0);
      return Promise.resolve({ added, revised: indexes.filter((i) => i % 2 === 1) });
    },
    health: () => ({ state: "ok", reason: "" }),
    close: () => Promise.resolve(),
  };
  const rows = Array.from({ length: 5_001 }, (_, i) => candleRow(1, i));

  const { added, revised } = await candleStore(database).upsert("1h", rows);

  expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
  expect([...added, ...revised].toSorted((a, b) => a - b)).toEqual([...rows.keys()]);
  expect(added.every((i) => i % 2 === 0)).toBe(true);
});
