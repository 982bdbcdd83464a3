import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { halt } from "../kit/halts.ts";
import { NOW, position, tree } from "./kit/builders.ts";
import { type Answer, send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { fill, open, SETTINGS, setUp, type World } from "./kit/world.ts";

type Served = Awaited<ReturnType<typeof open>>;
type Body = Record<string, unknown>;

describe("Chatty's paths", () => {
  let served: Served;
  let world: World;
  const get = async (path: string): Promise<Body> => (await send(served.url, path)).json as Body;
  const choose = (raw: string): Promise<Answer> =>
    send(served.url, "/api/set-active-broker", { method: "POST", raw });
  beforeAll(async () => {
    world = setUp();
    fill(world.shelves);
    await world.view.refresh();
    served = await open(world);
  });
  afterAll(() => served.server.stop(500));

  test.each(["logs/recent", "brokers", "account", "status"])(
    "/api/%s answers the same however sloppily its base was written",
    async (name) => {
      const plain = await send(served.url, `/api/${name}`);
      for (const path of [
        `/api/api/${name}`,
        `//api/${name}`,
        `/api//api/${name}`,
        `/api/${name}/`,
      ]) {
        const answer = await send(served.url, path);
        expect([path, answer.status, answer.text]).toEqual([path, 200, plain.text]);
      }
    },
  );

  test("choosing a broker also works with a sloppy base", async () => {
    for (const path of ["/api/api/set-active-broker", "//api/set-active-broker"]) {
      const answer = await send(served.url, path, { method: "POST", body: { broker_id: "paper" } });
      expect(answer.json).toEqual({ success: true, active_broker_id: "paper" });
    }
  });

  test.each([
    ['{"broker_id":"nope"}', 404],
    ['{"broker_id":"oanda"}', 409],
    ["{}", 400],
    ['{"broker_id":7}', 400],
    ["not json", 400],
    ["[]", 400],
  ])("a wish for a broker like %s is refused with %i, and nothing changes", async (raw, status) => {
    const answer = await choose(raw);

    expect(answer.status).toBe(status);
    expect((await get("/api/status"))["active_broker_id"]).toBe("paper");
  });

  test("trades come newest first, and only a closed one has a result", async () => {
    const { trades, total } = (await get("/api/trades/history")) as {
      trades: { id: string; status: string; pnl?: number; symbol: string }[];
      total: number;
    };

    expect(trades.map(({ id }) => id)).toEqual(["t-1", "t-2", "t-30", "t-60"]);
    expect(trades.map(({ pnl }) => pnl)).toEqual([undefined, 30.5, -10.25, 4.75]);
    expect(trades.map(({ status }) => status)).toEqual(["open", "closed", "closed", "closed"]);
    expect(trades[0]?.symbol).toBe("BTCUSDT");
    expect(total).toBe(4);
  });

  test("limit and offset page the trades", async () => {
    const page = (await get("/api/trades/history?limit=1&offset=1")) as {
      trades: { id: string }[];
    };

    expect(page.trades.map(({ id }) => id)).toEqual(["t-2"]);
  });

  test.each([
    "limit=0",
    "limit=-5",
    "limit=abc",
    "limit=1e9",
    "limit=1&limit=2",
    "limit=1,2",
    "offset=-1",
  ])("a hostile %s never breaks trades or logs", async (query) => {
    for (const path of ["/api/trades/history", "/api/logs/recent"]) {
      expect((await send(served.url, `${path}?${query}`)).status).toBe(200);
    }
  });

  test("performance sums up the trades closed in the period", async () => {
    const answer = await get("/api/performance?period=30d");

    expect(answer).toMatchObject({ totalPnl: 25, totalTrades: 3, avgLoss: 10.25, avgWin: 17.625 });
    expect(answer["winRate"]).toBeCloseTo(2 / 3, 12);
    expect(answer["maxDrawdown"]).toBeGreaterThan(0);
    expect(answer).not.toHaveProperty("sharpeRatio");
    expect(answer["periodEnd"]).toBe(new Date(NOW).toISOString());
    expect(answer["periodStart"]).toBe(new Date(NOW - 30 * 86_400_000).toISOString());
    expect(await get("/api/performance?period=24h")).toMatchObject({ totalTrades: 1, avgLoss: 0 });
  });

  test.each(["", "0d", "x", "99999999d", "30d&period=7d", "%00"])(
    "an unknown period %j never breaks performance",
    async (period) => {
      expect((await send(served.url, `/api/performance?period=${period}`)).status).toBe(200);
    },
  );

  test("the account is marked at the newest price", async () => {
    const { equity, open_pnl, pnl_today } = await get("/api/account");

    // 9500.25 in cash and 5 coins at 105, bought for 500; the day began with 10000.
    expect([equity, open_pnl, pnl_today]).toEqual([10_025.25, 25, 25.25]);
  });

  test("the snapshot names the chart's symbol as TradingView does", async () => {
    expect(await get("/api/snapshot")).toMatchObject({
      symbol: "BTCUSDT",
      current_symbol: "BINANCE:BTCUSDT",
      current_timeframe: "15m",
      price: 105,
      change: 5,
      changePercent: 5,
      volume: 960,
    });
  });

  test("a saved candle moves the price without any reading of the store", async () => {
    const calls = world.shelves.calls;
    world.events.publish({
      kind: "candle-saved",
      series: { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" },
      openTime: NOW,
      closeTime: NOW + 60_000,
      close: 110,
      novelty: "new",
      source: "poll",
    });

    expect(await get("/api/snapshot")).toMatchObject({ price: 110, change: 10, high: 110 });
    expect(await get("/api/account")).toMatchObject({ open_pnl: 50 });
    expect(world.shelves.calls).toBe(calls);
  });

  test("logs come newest first, each on one line, in levels that the page knows", async () => {
    expect(await get("/api/logs/recent?limit=2")).toEqual({
      logs: [
        { id: "log-3", timestamp: "1970-01-01T00:00:03.000Z", level: "debug", message: "third" },
        {
          id: "log-2",
          timestamp: "1970-01-01T00:00:02.000Z",
          level: "error",
          message: "second line",
          source: "main",
        },
      ],
    });
  });

  test("every broker has fields, and those that hold secrets say so by name", async () => {
    const { brokers } = (await get("/api/brokers")) as { brokers: { fields: string[] }[] };

    for (const field of brokers.flatMap(({ fields }) => fields)) {
      expect(field).toMatch(/key|password|secret|^account_id$|^environment$/);
    }
  });

  test("the worker's state and halts are told", async () => {
    world.hub.tree = () => tree({ commander: "parked" });
    expect((await get("/api/health"))["worker_status"]).toBe("stopped");
    world.hub.tree = () => tree({ architect: "parked" });
    expect((await get("/api/health"))["worker_status"]).toBe("degraded");
    world.hub.tree = () => tree();
    expect((await get("/api/health"))["worker_status"]).toBe("running");
  });

  test("insights tell of refusals, gaps, halts and results", async () => {
    world.shelves.halts = [halt({ by: "the operator", reason: "lunch", at: NOW })];
    for (const reasons of [["spread"], ["spread", "depth"]]) {
      world.events.publish(
        {
          kind: "verdict-given",
          signalId: "s",
          series: { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" },
          openTime: NOW,
          strategy: "ema-cross",
          side: "buy",
          decision: "refused",
          reasons,
          latencyMs: 3,
        },
        NOW,
      );
    }
    await world.view.refresh();

    const { insights } = (await get("/api/insights")) as {
      insights: { id: string; value?: unknown }[];
    };
    const values = Object.fromEntries(insights.map(({ id, value }) => [id, value]));
    expect(values).toMatchObject({
      "refused-spread": 2,
      "refused-depth": 1,
      gaps: 1,
      "win-rate": "66.7%",
      verdicts: "0 of 2",
    });
    expect(insights[0]?.id).toBe("halted");
    expect(insights.map(({ value }) => value)).not.toContain(0);
  });

  test("a database that fails is called offline, and figures stay", async () => {
    world.shelves.mood = "offline";
    await world.view.refresh();

    const status = await get("/api/status");
    expect(status["supabase_status"]).toBe("offline");
    expect(status["account_balance"]).toBe(9500.25);
    world.shelves.mood = "ok";
    await world.view.refresh();
    expect((await get("/api/status"))["supabase_status"]).toBe("ok");
  });

  test("a stored figure that cannot be calculated with blanks figures, not the page", async () => {
    const held = world.shelves.positions;
    world.shelves.positions = [position({ bought: "0", cost: "0" })];
    await world.view.refresh();
    for (const path of ["status", "account", "snapshot", "insights", "performance"]) {
      expect((await send(served.url, `/api/${path}`)).status).toBe(200);
    }
    expect((await get("/api/account"))["equity"]).toBeNull();
    world.shelves.positions = held;
    await world.view.refresh();
  });

  test("a token is neither needed nor noticed", async () => {
    expect((await send(served.url, "/api/status", { token: "nonsense" })).status).toBe(200);
    expect((await send(served.url, "/api/status", { token: TOKENS.viewer })).status).toBe(200);
  });
});

describe("live mode", () => {
  test.each([
    ["live", true, true],
    ["live", false, false],
    ["paper", true, false],
  ] as const)("with mode %s and a real-money broker %s is %s", async (mode, live, expected) => {
    const world = setUp({
      settings: { ...SETTINGS, mode },
      broker: { id: "binance", name: "Binance", live },
    });
    const served = await open(world);
    try {
      for (const path of ["health", "status", "snapshot", "markets", "insights", "performance"]) {
        const { json } = await send(served.url, `/api/${path}`);
        expect(json).toMatchObject({ live_mode: expected });
      }
    } finally {
      await served.server.stop(500);
    }
  });
});

describe("the allow-list", () => {
  test("keeps other addresses from Chatty's paths and from nothing else", async () => {
    const world = setUp({ settings: { ...SETTINGS, chattyAllow: ["10.0.0.0/8"] } });
    const served = await open(world);
    try {
      expect((await send(served.url, "/api/status")).status).toBe(403);
      expect((await send(served.url, "/healthz")).status).toBe(200);
    } finally {
      await served.server.stop(500);
    }
  });
});
