import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadMarket } from "../../../src/exchanges/sandbox/index.ts";
import { TIMEFRAMES, timeframeMs } from "../../../src/market/timeframe.ts";
import { type FileRow, fileRows, hasRecordings, RECORDINGS } from "./kit/recordings.ts";
import { openSandbox } from "./kit/world.ts";

const MINUTE = 60_000;
const WEEK = timeframeMs("1w");
const NOW = Date.UTC(2026, 10, 22, 13, 7, 31);

describe.runIf(hasRecordings)("a recorded market", () => {
  let world: Awaited<ReturnType<typeof openSandbox>>;
  let shiftMs: number;

  beforeAll(async () => {
    world = await openSandbox({
      nowMs: NOW,
      replayDir: RECORDINGS,
      replayAtMs: Date.UTC(2023, 3, 20),
    });
    // Past the end of the recording: everything has been played.
    await world.clock.advance(20 * 24 * 60 * MINUTE);
    shiftMs = world.sandbox.identity.replay?.shiftMs ?? 0;
  });
  afterAll(() => world.sandbox.close());

  /** All candles there are of a series, page by page, by recorded time. */
  async function everything(symbol: string, interval: string): Promise<FileRow[]> {
    const all: FileRow[] = [];
    for (let start = 0; ; ) {
      const page = await world.rows(
        `symbol=${symbol}&interval=${interval}&startTime=${start}&limit=1000`,
      );
      for (const row of page) all.push([row[0] - shiftMs, ...row.slice(1, 6).map(String)]);
      const last = page.at(-1);
      if (last === undefined) return all;
      start = last[0] + 1;
    }
  }

  /** Rows that are not the same doubles in both, those that only one of them has included. */
  function differences(served: readonly FileRow[], recorded: readonly FileRow[]): unknown[] {
    const longer = Math.max(served.length, recorded.length);
    return Array.from({ length: longer }, (_, i) => [served[i], recorded[i]]).filter(
      ([a, b]) => a === undefined || b?.some((cell, j) => Number(cell) !== Number(a[j])) !== false,
    );
  }

  test.each(["BTC", "ETH"])("serves every recorded minute of %s bit for bit", async (base) => {
    const recorded = await fileRows(`${base}_USDT-1m-20230316-20230501.csv.gz`);

    const served = await everything(`${base}USDT`, "1m");

    expect(served).toHaveLength(66_087);
    expect(differences(served, recorded)).toEqual([]);
  });

  test.each([
    ["5m", "20230316"],
    ["15m", "20230401"],
    ["30m", "20230401"],
    ["1h", "20230401"],
  ])("builds the %s candles the exchange itself had recorded", async (interval, from) => {
    for (const base of ["BTC", "ETH"]) {
      const recorded = await fileRows(`${base}_USDT-${interval}-${from}-20230501.csv.gz`);
      const [first] = recorded[0] ?? [0];
      const [last] = recorded.at(-1) ?? [0];

      const served = await everything(`${base}USDT`, interval);

      // Within the file's span: nothing else, nothing more and nothing less.
      const within = served.filter(([time]) => time >= first && time <= last);
      expect(differences(within, recorded)).toEqual([]);
    }
  });

  test("keeps the flat minutes of the outage and has no rows for the dead ones", async () => {
    const at = (time: string) => Date.parse(`2023-03-24T${time}:00Z`) + shiftMs;

    const rows = await world.rows(
      `symbol=BTCUSDT&interval=1m&startTime=${at("11:27")}&endTime=${at("14:00")}`,
    );

    const flat = rows.filter((row) => Number(row[5]) === 0);
    expect(flat).toHaveLength(72);
    expect(flat.every((row) => Number(row[4]) === 28_080 && row[8] === 0)).toBe(true);
    expect(rows.map(([time]) => time)).toEqual([
      ...Array.from({ length: 73 }, (_, i) => at("11:27") + i * MINUTE),
      at("14:00"),
    ]);
  });

  test("ends with its last minute: no more candles, and the pairs are on break", async () => {
    const rows = await world.rows("symbol=BTCUSDT&interval=1m&limit=2");
    const info = await world.get("/api/v3/exchangeInfo");
    const price = await world.get("/api/v3/ticker/price?symbol=BTCUSDT");

    expect(rows.map(([time]) => new Date(time - shiftMs).toISOString())).toEqual([
      "2023-05-01T21:00:00.000Z",
      "2023-05-01T21:01:00.000Z",
    ]);
    expect(info.body).toMatchObject({
      symbols: [
        { symbol: "BTCUSDT", status: "BREAK" },
        { symbol: "ETHUSDT", status: "BREAK" },
      ],
    });
    expect(price.body).toEqual({ symbol: "BTCUSDT", price: rows.at(-1)?.[4] });
  });
});

describe.runIf(hasRecordings)("a recording that plays as the present", () => {
  const nowMs = NOW;

  test("is on break in an outage, at the last price, and trades again after it", async () => {
    const replayAtMs = Date.parse("2023-03-24T13:00:00Z");
    const loaded = await loadMarket({ seed: "s", nowMs, replayDir: RECORDINGS, replayAtMs });
    const world = await openSandbox({
      nowMs: loaded.clockStartMs,
      replayDir: RECORDINGS,
      replayAtMs,
    });
    const look = async () => ({
      info: (await world.get("/api/v3/exchangeInfo?symbol=BTCUSDT")).body,
      last: (await world.rows("symbol=BTCUSDT&interval=1m&limit=1"))[0],
      day: (await world.get("/api/v3/ticker/24hr?symbol=BTCUSDT")).body as Record<string, string>,
      quote: (await world.get("/api/v3/ticker/bookTicker?symbol=BTCUSDT")).body as {
        bidPrice: string;
      },
    });

    const during = await look();
    await world.clock.advance(60 * MINUTE + 30_000);
    const after = await look();
    await world.sandbox.close();

    expect(world.clock.nowMs() - loaded.clockStartMs).toBe(60 * MINUTE + 30_000);
    expect(during.info).toMatchObject({ symbols: [{ status: "BREAK" }] });
    expect(during.last?.[4]).toBe("28080.00000000");
    expect(during.day["lastPrice"]).toBe("28080.00000000");
    expect(Math.abs(Number(during.quote.bidPrice) - 28_080)).toBeLessThan(10);
    expect(after.info).toMatchObject({ symbols: [{ status: "TRADING" }] });
    expect(after.last?.[1]).toBe("28079.99000000");
    // Half of the minute that fell to 27,901.06 has passed.
    expect(Number(after.last?.[3])).toBeGreaterThanOrEqual(27_901.06);
    expect(after.day["lastPrice"]).toBe(after.last?.[4]);
  });

  test("has 500 hours behind it and days before it when no instant is asked for", async () => {
    const { market, clockStartMs, identity } = await loadMarket({
      seed: "s",
      nowMs,
      replayDir: RECORDINGS,
    });

    expect(clockStartMs).toBe(nowMs);
    expect(market.listings.map(({ symbol }) => symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
    for (const listing of market.listings) {
      const { firstMs, endMs } = market.span(listing);
      expect(nowMs - firstMs).toBeGreaterThan(500 * 60 * MINUTE);
      expect(endMs - nowMs).toBeGreaterThan(10 * 24 * 60 * MINUTE);
      expect(market.statusAt(listing, nowMs)).toBe("TRADING");
    }
    expect((identity.replay?.shiftMs ?? 1) % WEEK).toBe(0);
  });

  test("keeps its place on the calendar and its files at a later start", async () => {
    const first = await loadMarket({ seed: "s", nowMs, replayDir: RECORDINGS });
    const replay = first.identity.replay;
    const saved = {
      version: 1 as const,
      anchorWallMs: nowMs,
      anchorSimMs: nowMs,
      speed: 1,
      seed: "s",
      replay,
    };

    const later = await loadMarket({
      seed: "s",
      nowMs: nowMs + 5 * WEEK,
      replayDir: RECORDINGS,
      saved,
    });

    expect(later.identity).toEqual(first.identity);
  });

  test("serves no candles shorter than those recorded", async () => {
    const replayAtMs = Date.UTC(2021, 9, 20);
    const world = await openSandbox({ nowMs, replayDir: RECORDINGS, replayAtMs });
    const status = async (interval: string) =>
      (await world.get(`/api/v3/klines?symbol=BTCUSDT&interval=${interval}`)).status;

    expect(await Promise.all(TIMEFRAMES.map(status))).toEqual([
      400,
      ...TIMEFRAMES.slice(1).map(() => 200),
    ]);
    await world.sandbox.close();
  });

  test("builds 4h, days and weeks from 5m as the exchange did, partial ones included", async () => {
    const replayAtMs = Date.UTC(2021, 9, 20);
    const { market } = await loadMarket({ seed: "s", nowMs, replayDir: RECORDINGS, replayAtMs });
    const [btc] = market.listings;
    const shiftMs = market.identity.replay?.shiftMs ?? 0;
    if (btc === undefined) throw new Error("no pair");

    for (const [tf, span] of [
      ["4h", "20210902-20211202"],
      ["1d", "20210902-20211201"],
      ["1w", "20210906-20211122"],
    ] as const) {
      for (const [time, ...figures] of await fileRows(`BTC_USDT-${tf}-${span}.csv.gz`)) {
        const bar = market.barOver(btc, time + shiftMs, time + shiftMs + timeframeMs(tf));
        const served = [bar?.open, bar?.high, bar?.low, bar?.close].map((p) => Number(p) / 100);
        expect([...served, Number(bar?.volume) / 10 ** btc.volumeDecimals]).toEqual(
          figures.map(Number),
        );
      }
    }
  });
});
