import { describe, expect, test } from "vitest";
import { order, signal } from "./kit/builders.ts";
import { serveFilled } from "./kit/served.ts";
import { READS, SERIES, WRITES } from "./kit/v1-paths.ts";

const { world, ask } = serveFilled();

describe("writes", () => {
  test.each([
    ["BTC/USDT", 201, { ...SERIES, state: "armed", armedInMs: 42 }],
    ["OLD/USDT", 200, { ...SERIES, state: "already-watched" }],
    ["SLOW/USDT", 202, { ...SERIES, state: "arming", reason: "no answer" }],
  ])("a wish to follow %s answers %i", async (pair, status, body) => {
    const answer = await ask("POST", "/api/v1/watchlist", { body: { ...SERIES, pair } });

    expect(answer.status).toBe(status);
    expect(answer.json).toEqual(body);
  });

  test("what the commander refuses is told with what it would take", async () => {
    const answer = await ask("POST", "/api/v1/watchlist", {
      body: { ...SERIES, pair: "NOPE/USDT" },
    });

    expect(answer.status).toBe(422);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({ field: "pair", allowed: ["BTC/USDT", "ETH/USDT"] });
  });

  test.each(["BTC%2FUSDT", "BTC-USDT"])("a series is let go by its pair as %s", async (pair) => {
    const answer = await ask("DELETE", `/api/v1/watchlist/binance/${pair}/15m`);

    expect(answer.json).toEqual({ ...SERIES, removed: true });
    const message = world.commander.received.at(-1)?.message;
    expect(message).toMatchObject({ pair: decodeURIComponent(pair), by: "the operator" });
  });

  test("what is not followed cannot be let go", async () => {
    expect((await ask("DELETE", "/api/v1/watchlist/binance/GONE-USDT/15m")).status).toBe(404);
    expect((await ask("DELETE", "/api/v1/watchlist/binance/NOPE-USDT/15m")).status).toBe(422);
  });

  test("every write has a line in the ledger, with the name behind the token", async () => {
    const lines = () => world.sentinel.received.filter(({ topic }) => topic === "record");
    const before = lines().length;
    for (const [method, path, body] of WRITES) await ask(method, path, { body });

    expect(
      lines()
        .slice(before)
        .map(({ message }) => message),
    ).toMatchObject([
      { who: "the operator", what: "watchlist.add", detail: SERIES },
      { who: "the operator", what: "watchlist.remove", detail: SERIES },
      { who: "the operator", what: "portfolio.save", detail: { name: "swing", series: 1 } },
      { who: "the operator", what: "strategies.refresh" },
      { who: "the operator", what: "trading.halt", detail: { reason: "lunch" } },
      { who: "the operator", what: "trading.resume" },
    ]);
  });

  test("pairs and timeframes of a portfolio are written as the hub writes them", async () => {
    const loose = { exchange: "binance", pair: "eth-usdt", timeframe: "1H" };
    const answer = await ask("POST", "/api/v1/portfolios", {
      body: { name: "x", series: [loose] },
    });

    expect(answer.json).toEqual({
      name: "x",
      series: [{ exchange: "binance", pair: "ETH/USDT", timeframe: "1h" }],
    });
  });
});

describe("reads", () => {
  test("leases name their holder, and whether it is the hub that is asked", async () => {
    const answer = await ask("GET", "/api/v1/leases");

    expect(answer.json).toEqual({
      leases: [
        { name: "exchange:binance", instance: "b pid 2", mine: false, epoch: 7, leftMs: 9_000 },
        { name: "exchange:kraken", instance: "a pid 1", mine: false, epoch: 3, leftMs: 0 },
        { name: "trader", instance: "a pid 1", mine: true, epoch: 4, leftMs: 12_000 },
      ],
    });
  });

  test("the status names what is held and what is stood by for", async () => {
    const { json } = await ask("GET", "/api/v1/status");

    expect(json).toMatchObject({ leases: { held: ["trader"], standby: ["exchange:binance"] } });
  });

  test("candles without a start are the newest ones", async () => {
    const answer = await ask("GET", READS[2] ?? "");

    const { candles, series } = answer.json as { candles: { close: number }[]; series: unknown };
    expect(series).toEqual(SERIES);
    expect(candles).toHaveLength(3);
    expect(candles.at(-1)?.close).toBe(105);
  });

  test("candles are paged by the time they say", async () => {
    const base = "/api/v1/candles?exchange=binance&pair=BTC%2FUSDT&timeframe=15m&limit=40";
    let from = "2026-03-09T12:00:00Z";
    const times: number[] = [];
    for (let page = 0; page < 5 && from !== ""; page++) {
      const answer = await ask("GET", `${base}&from=${from}`);
      const { candles, next } = answer.json as {
        candles: { openTime: number }[];
        next: string | null;
      };
      times.push(...candles.map(({ openTime }) => openTime));
      from = next ?? "";
    }
    expect(times).toHaveLength(96);
    expect(new Set(times).size).toBe(96);
  });

  test("signals are paged by cursor, each with its verdict and every check", async () => {
    world.shelves.signals = [5, 4, 3, 2, 1].map((seq) => signal(seq, seq === 4 ? ["spread"] : []));
    const seen: number[] = [];
    let path = "/api/v1/signals?limit=2";
    for (let page = 0; page < 5 && path !== ""; page++) {
      const { signals, next } = (await ask("GET", path)).json as {
        signals: { seq: number; verdict: { checks: unknown[] } }[];
        next: string | null;
      };
      seen.push(...signals.map(({ seq }) => seq));
      for (const { verdict } of signals) expect(verdict.checks).toHaveLength(1);
      path = next === null ? "" : `/api/v1/signals?limit=2&cursor=${next}`;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    const refused = await ask("GET", "/api/v1/signals?decision=refused");
    expect(refused.json).toMatchObject({ signals: [{ seq: 4, verdict: { reasons: ["spread"] } }] });
  });

  test("facts are read on from the one that the asker has", async () => {
    world.shelves.events = [3, 9, 4].map((id) => ({
      id,
      at: id,
      kind: "trading-halted",
      subject: "trading",
      payload: { by: "ann", reason: `n${id}` },
    }));
    const seen: number[] = [];
    let path: string | undefined = "/api/v1/events/history?limit=2";
    while (path !== undefined) {
      const { events, next } = (await ask("GET", path)).json as {
        events: { id: number }[];
        next: number | null;
      };
      seen.push(...events.map(({ id }) => id));
      path = next === null ? undefined : `/api/v1/events/history?limit=2&after=${next}`;
    }

    expect(seen).toEqual([3, 9, 4]);
    expect((await ask("GET", "/api/v1/events/history?after=9")).json).toEqual({
      events: [
        {
          id: 4,
          at: 4,
          subject: "trading",
          event: { kind: "trading-halted", by: "ann", reason: "n4" },
        },
      ],
      next: null,
    });
  });

  test("facts after one that is not kept any more cannot be told", async () => {
    const answer = await ask("GET", "/api/v1/events/history?after=77");

    expect(answer.status).toBe(410);
    expect(answer.json).toMatchObject({ detail: expect.stringContaining("after=0") as string });
  });

  test.each(["after=-1", "after=x", "after=1.5", "limit=0", "since=3"])(
    "facts are not read with %s",
    async (query) => {
      expect((await ask("GET", `/api/v1/events/history?${query}`)).status).toBe(400);
    },
  );

  test("orders are paged by cursor", async () => {
    world.shelves.orders = [1, 2, 3].map(order);
    const first = (await ask("GET", "/api/v1/orders?limit=2")).json as { next: string };
    const second = await ask("GET", `/api/v1/orders?limit=2&cursor=${first.next}`);

    expect(second.json).toMatchObject({ orders: [{ clientOrderId: "o-3" }], next: null });
  });

  test("a position is shown with its result at the last price", async () => {
    expect((await ask("GET", "/api/v1/positions")).json).toMatchObject({
      positions: [{ averageCost: "100", lastPrice: "105", openPnl: "25" }],
    });
    expect((await ask("GET", "/api/v1/positions?open=false")).json).toEqual({
      positions: [],
      next: null,
    });
  });

  test("the status sums up the hub", async () => {
    expect((await ask("GET", "/api/v1/status")).json).toMatchObject({
      version: "1.2.3",
      mode: "sandbox",
      live: false,
      store: { state: "ok" },
      actors: { total: 6, up: 6, parked: [] },
      watched: 1,
      openPositions: 1,
    });
  });
});
