import { expect, test } from "vitest";
import type { StoreFigures } from "../../src/store/upkeep-port.ts";
import { watchStoreSize } from "../../src/system/store-size.ts";
import { storeFigures } from "../http/kit/builders.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const MINUTE = 60_000;

test("the size of the store is read at once and every five minutes, whatever becomes of a reading", async () => {
  const clock = new ManualClock();
  const told: StoreFigures[] = [];
  let readings = 0;
  const figures = async () => {
    readings += 1;
    if (readings === 2) throw new Error("the database is away");
    return storeFigures();
  };

  const stop = watchStoreSize({ figures }, clock, (one) => told.push(one));
  const seen: number[][] = [];
  for (const ms of [0, 5 * MINUTE - 1, 1, 5 * MINUTE]) {
    await clock.advance(ms);
    seen.push([readings, told.length]);
  }
  stop();
  await clock.advance(60 * MINUTE);

  expect(seen).toEqual([
    [1, 1],
    [1, 1],
    [2, 1],
    [3, 2],
  ]);
  expect(readings).toBe(3);
  expect(clock.pending).toBe(0);
});
