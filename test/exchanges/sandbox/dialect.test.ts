import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NOW, openSandbox } from "./kit/world.ts";

describe("the sandbox's dialect", () => {
  let world: Awaited<ReturnType<typeof openSandbox>>;
  beforeAll(async () => {
    world = await openSandbox();
  });
  afterAll(() => world.sandbox.close());

  test.each([
    ["klines?symbol=NOPE&interval=1m", 400, -1121],
    ["klines?symbol=btc%2Fusdt&interval=1m", 400, -1100],
    ["klines?interval=1m", 400, -1102],
    ["klines?symbol=BTCUSDT", 400, -1102],
    ["klines?symbol=BTCUSDT&interval=7m", 400, -1120],
    ["klines?symbol=BTCUSDT&interval=1m&limit=ten", 400, -1100],
    ["klines?symbol=BTCUSDT&interval=1m&limit=0", 400, -1130],
    ["klines?symbol=BTCUSDT&interval=1m&startTime=-5", 400, -1100],
    ["klines?symbol=%E0%A4%A&interval=1m", 400, -1100],
    ["depth", 400, -1102],
    ["depth?symbol=XXXYYY", 400, -1121],
    ["ticker/24hr?symbols=BTCUSDT", 400, -1100],
    ["ticker/24hr?symbols=[]", 400, -1102],
    ["ticker/price?symbol=BTCUSDT&symbols=[%22ETHUSDT%22]", 400, -1128],
    ["exchangeInfo?symbols=[%22NOPE%22]", 400, -1121],
    ["account", 404, -1000],
    ["../secret", 404, -1000],
  ])("refuses %s with %i and %i", async (path, status, code) => {
    const answer = await world.get(`/api/v3/${path}`);

    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ code, msg: expect.any(String) as string });
  });

  test("says nothing of its inside when it fails", async () => {
    const failures: unknown[] = [];
    const { get, sandbox } = await openSandbox({
      faults: () => {
        throw new Error("at /inside/secret.ts:1");
      },
      onFailure: (error) => failures.push(error),
    });

    const answer = await get("/api/v3/ping");
    await sandbox.close();

    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain("inside");
    expect(failures).toHaveLength(1);
  });

  test("lists a pair with the filters an order needs", async () => {
    const { body } = await world.get("/api/v3/exchangeInfo?symbol=ETHBTC");

    expect(body).toMatchObject({
      serverTime: NOW,
      rateLimits: expect.arrayContaining([
        { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6_000 },
      ]) as unknown[],
      symbols: [
        {
          symbol: "ETHBTC",
          status: "TRADING",
          filters: [
            { filterType: "PRICE_FILTER", tickSize: "0.00001000" },
            { filterType: "LOT_SIZE", stepSize: "0.00010000" },
            { filterType: "MARKET_LOT_SIZE" },
            { filterType: "NOTIONAL", minNotional: "0.00010000" },
          ],
        },
      ],
    });
  });

  test("answers one symbol with an object, and several or all with a list", async () => {
    const { get } = world;

    for (const path of ["bookTicker", "price", "24hr"]) {
      const one = await get(`/api/v3/ticker/${path}?symbol=BTCUSDT`);
      const two = await get(`/api/v3/ticker/${path}?symbols=["BTCUSDT","LTCUSDT"]`);
      const all = await get(`/api/v3/ticker/${path}`);
      expect(one.body).toMatchObject({ symbol: "BTCUSDT" });
      expect(two.body).toMatchObject([{ symbol: "BTCUSDT" }, { symbol: "LTCUSDT" }]);
      expect(all.body).toHaveLength(12);
    }
  });

  test("shows the last 24 hours as the sum of their minutes", async () => {
    const { body } = await world.get("/api/v3/ticker/24hr?symbol=ETHUSDT");
    const minutes = [
      ...(await world.rows(
        `symbol=ETHUSDT&interval=1m&limit=1000&startTime=${NOW - 86_400_000 - 60_000}`,
      )),
      ...(await world.rows("symbol=ETHUSDT&interval=1m&limit=441")),
    ];
    const sum = minutes.reduce((total, row) => total + BigInt(row[5].replace(".", "")), 0n);

    const day = body as Record<string, string>;
    expect(minutes).toHaveLength(1_441);
    expect(BigInt((day["volume"] ?? "").replace(".", ""))).toBe(sum);
    expect(day["openPrice"]).toBe(minutes[0]?.[1]);
    expect(day["lastPrice"]).toBe(minutes.at(-1)?.[4]);
  });

  test("deals a deep book in order, new each second and numbered upwards", async () => {
    const { get, sandbox, clock } = await openSandbox();
    type Book = { lastUpdateId: number; bids: [string, string][]; asks: [string, string][] };
    const read = async () =>
      (await get("/api/v3/depth?symbol=BTCUSDT&limit=1000")).body as unknown as Book;

    const first = await read();
    const again = await read();
    await clock.advance(1_000);
    const next = await read();
    await sandbox.close();

    expect(again).toEqual(first);
    expect(next.lastUpdateId).toBeGreaterThan(first.lastUpdateId);
    expect(next.bids).not.toEqual(first.bids);
    const bids = first.bids.map(([price]) => Number(price));
    const asks = first.asks.map(([price]) => Number(price));
    expect(bids).toHaveLength(1_000);
    expect(bids.toSorted((a, b) => b - a)).toEqual(bids);
    expect(asks.toSorted((a, b) => a - b)).toEqual(asks);
    expect(new Set([...bids, ...asks]).size).toBe(2_000);
    expect(bids[0]).toBeLessThan(asks[0] ?? 0);
    expect(first.bids.every(([, quantity]) => Number(quantity) > 0)).toBe(true);
  });

  test("closes within a second although a keep-alive client hangs on", async () => {
    const { get, sandbox } = await openSandbox({
      faults: ({ path }) =>
        path.endsWith("time") ? { kind: "slow-headers", waitMs: 60_000 } : undefined,
    });
    await get("/api/v3/ping");
    const hanging = fetch(`${sandbox.url}/api/v3/time`).catch(() => "cut off");
    await get("/api/v3/ping");

    const before = performance.now();
    await sandbox.close();

    expect(performance.now() - before).toBeLessThan(1_000);
    expect(await hanging).toBe("cut off");
  });
});
