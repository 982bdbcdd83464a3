import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NOW, openSandbox } from "./kit/world.ts";

const MINUTE = 60_000;
const CURRENT = NOW - (NOW % MINUTE);

describe("the sandbox's klines", () => {
  let world: Awaited<ReturnType<typeof openSandbox>>;
  beforeAll(async () => {
    world = await openSandbox();
  });
  afterAll(() => world.sandbox.close());

  test("end with the open candle when no start is given", async () => {
    const rows = await world.rows("symbol=BTCUSDT&interval=1m&limit=3");

    expect(rows.map(([time]) => time)).toEqual([CURRENT - 2 * MINUTE, CURRENT - MINUTE, CURRENT]);
    expect(rows.at(-1)?.[6]).toBe(CURRENT + MINUTE - 1);
  });

  test("have twelve cells, values as text, close time and trades as numbers", async () => {
    const [row] = await world.rows("symbol=BTCUSDT&interval=1m&limit=1");

    expect(row).toHaveLength(12);
    expect(row?.map((cell) => typeof cell).join()).toBe(
      "number,string,string,string,string,string,number,string,number,string,string,string",
    );
    expect(row?.[1]).toMatch(/^\d+\.\d{8}$/);
  });

  test("are 500 by default and 1,000 at most", async () => {
    expect(await world.rows("symbol=BTCUSDT&interval=1m")).toHaveLength(500);
    expect(await world.rows("symbol=BTCUSDT&interval=1m&limit=5000")).toHaveLength(1_000);
  });

  test("begin with the first whole candle after a start off the grid", async () => {
    const rows = await world.rows(
      `symbol=BTCUSDT&interval=5m&startTime=${Date.UTC(2026, 10, 20, 9, 3)}&limit=2`,
    );

    expect(rows.map(([time]) => time)).toEqual([
      Date.UTC(2026, 10, 20, 9, 5),
      Date.UTC(2026, 10, 20, 9, 10),
    ]);
  });

  test("are the newest before an end without a start", async () => {
    const end = Date.UTC(2026, 10, 20, 9, 3, 20);

    const rows = await world.rows(`symbol=BTCUSDT&interval=1m&endTime=${end}&limit=2`);

    expect(rows.map(([time]) => time)).toEqual([end - 80_000, end - 20_000]);
  });

  test("are none for a start in the future or behind the end", async () => {
    const { rows } = world;

    expect(await rows(`symbol=BTCUSDT&interval=1m&startTime=${NOW + 1}`)).toEqual([]);
    expect(
      await rows(`symbol=BTCUSDT&interval=1m&startTime=${NOW - 600_000}&endTime=${NOW - 900_000}`),
    ).toEqual([]);
  });

  test("begin with the market's first day when more are asked for than there are", async () => {
    const [first] = await world.rows("symbol=BTCUSDT&interval=1w&limit=1000");

    expect(new Date(first?.[0] ?? 0).toISOString()).toBe("2018-01-01T00:00:00.000Z");
  });

  test("show the candle after a close at the first instant of its minute", async () => {
    const { rows, sandbox } = await openSandbox({ nowMs: CURRENT });

    const [row] = await rows("symbol=BTCUSDT&interval=1m&limit=1");
    await sandbox.close();

    expect(row?.[0]).toBe(CURRENT);
    expect(row?.[4]).toMatch(/^\d+\.\d{8}$/);
  });
});
