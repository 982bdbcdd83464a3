import { describe, expect, test } from "vitest";
import { askFake as ask } from "./fake-hub.ts";

const SERIES = { exchange: "binance", pair: "SOL/USDT", timeframe: "15m" };
const NOON = Date.UTC(2026, 0, 5, 12);

describe("hub watch add", () => {
  const argv = ["watch", "add", "binance", "SOL/USDT", "15m"];
  const on = "POST /api/v1/watchlist";

  test("sends the series with the token and tells when it is armed", async () => {
    const body = { ...SERIES, state: "armed", armedInMs: 412.7 };

    const { exitCode, out, asked } = await ask(argv, on, { status: 201, body });

    expect(exitCode).toBe(0);
    expect(out).toBe("following binance:SOL/USDT:15m, armed in 413 ms");
    expect(asked).toEqual([
      {
        method: "POST",
        path: "/api/v1/watchlist",
        token: "Bearer hub_secret",
        body: { ...SERIES, portfolio: "default" },
      },
    ]);
  });

  test("tells when the exchange does not answer yet, and when it was followed already", async () => {
    const arming = { ...SERIES, state: "arming", reason: "binance does not answer" };
    const first = await ask(argv, on, { status: 202, body: arming });
    const again = await ask(argv, on, { body: { ...SERIES, state: "already-watched" } });

    expect(first.out).toMatch(/not armed yet: binance does not answer$/);
    expect(again.out).toBe("binance:SOL/USDT:15m was followed already");
  });

  test("puts a refusal into one line with what would have been right", async () => {
    const body = {
      title: "Refused",
      detail: "binance does not trade SOL/UDST",
      field: "pair",
      allowed: ["SOL/USDT", "SOL/USDC"],
    };

    const { exitCode, out, err } = await ask(argv, on, { status: 422, body });

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toBe("pair: binance does not trade SOL/UDST (allowed: SOL/USDT, SOL/USDC)");
  });

  test("prints the hub's own answer with --json, before or behind the command", async () => {
    const body = { ...SERIES, state: "armed", armedInMs: 5, extra: 1 };

    const before = await ask(["--json", ...argv], on, { body });
    const behind = await ask([...argv, "--json"], on, { body });

    expect(JSON.parse(before.out)).toEqual(body);
    expect(behind.out).toBe(before.out);
  });
});

describe("hub watch", () => {
  test("remove names the pair in one piece of the path", async () => {
    const path = "/api/v1/watchlist/binance/SOL%2FUSDT/15m";

    const { out, asked } = await ask(
      ["watch", "remove", "binance", "SOL/USDT", "15m"],
      `DELETE ${path}`,
      { body: { ...SERIES, removed: true } },
    );

    expect(out).toBe("no longer following binance:SOL/USDT:15m");
    expect(asked[0]?.path).toBe(path);
  });

  test("list shows an aligned table", async () => {
    const watchlist = [
      { ...SERIES, state: "armed", newestOpenTime: NOON },
      { ...SERIES, pair: "BTC/USDT", timeframe: "1h", state: "arming", newestOpenTime: null },
    ];

    const { out } = await ask(["watch", "list"], "GET /api/v1/watchlist", { body: { watchlist } });

    expect(out.split("\n")).toEqual([
      "exchange  pair      timeframe  state   newest candle opened",
      "binance   SOL/USDT  15m        armed   2026-01-05 12:00:00Z",
      "binance   BTC/USDT  1h         arming",
    ]);
  });
});

describe("hub signals", () => {
  const check = { check: "spread", passed: false, measured: 42, limit: 10, unit: "bps" };
  const verdict = {
    signalId: "s",
    portfolio: "default",
    decidedAt: NOON,
    decision: "refused",
    reasons: ["spread"],
    checks: [{ ...check, dataAgeMs: 3, detail: "bid 99, ask 104" }],
  };
  const signal = {
    seq: 1,
    id: "s",
    series: SERIES,
    openTime: NOON,
    closeTime: NOON,
    strategy: "ema-cross",
    strategyVersion: "1",
    config: { name: "ema-cross", version: 0, origin: "settings" },
    side: "buy",
    strength: 0.5,
    price: "101.5",
    evidence: {},
    raisedAt: NOON,
    missingInWindow: 0,
    verdict,
  };

  test("shows why each was refused, and passes the filters on", async () => {
    const { out, asked } = await ask(
      ["signals", "--refused", "--limit", "5", "--series", "binance:SOL/USDT:15m"],
      "GET /api/v1/signals",
      { body: { signals: [signal], next: null } },
    );

    expect(out).toContain("refused  spread: bid 99, ask 104");
    expect(asked[0]?.path).toBe(
      "/api/v1/signals?limit=5&decision=refused&exchange=binance&pair=SOL%2FUSDT&timeframe=15m",
    );
  });

  test.each([
    ["a limit out of range", ["signals", "--limit", "0"]],
    ["a series that is none", ["signals", "--series", "BTC"]],
    ["two filters that shut each other out", ["signals", "--accepted", "--refused"]],
  ])("calls %s a mistake in the command line", async (_what, argv) => {
    const { exitCode, err, asked } = await ask(argv, "", { body: {} });

    expect(exitCode).toBe(2);
    expect(err).toMatch(/^error: /);
    expect(asked).toEqual([]);
  });
});

describe("hub halt", () => {
  test("joins the words of its reason", async () => {
    const { out, asked } = await ask(["halt", "news", "at", "two"], "POST /api/v1/halt", {
      body: { before: false, halted: true, halts: [] },
    });

    expect(out).toBe("trading is halted");
    expect(asked[0]?.body).toEqual({
      scope: { kind: "global" },
      mode: "reduce-only",
      reason: "news at two",
    });
  });

  test.each([
    [["--exchange", "kraken"], { kind: "exchange", exchange: "kraken" }, "exchange:kraken"],
    [
      ["--exchange", "kraken", "--pair", "BTC/USDT"],
      { kind: "pair", exchange: "kraken", pair: "BTC/USDT" },
      "pair:kraken:BTC/USDT",
    ],
    [["--strategy", "momentum"], { kind: "strategy", strategy: "momentum" }, "strategy:momentum"],
    [["--portfolio", "swing"], { kind: "portfolio", portfolio: "swing" }, "portfolio:swing"],
  ])("takes a part by %j", async (options, scope, name) => {
    const { out, asked } = await ask(
      ["halt", ...options, "--mode", "flatten"],
      "POST /api/v1/halt",
      { body: { before: false, halted: true, halts: [] } },
    );

    expect(out).toBe(`${name} is halted`);
    expect(asked[0]?.body).toEqual({ scope, mode: "flatten" });
  });

  test.each([
    [["--pair", "BTC/USDT"], /--pair needs --exchange/],
    [["--strategy", "a", "--portfolio", "b"], /name one part/],
  ])("refuses %j without asking", async (options, words) => {
    const { err, exitCode, asked } = await ask(["resume", ...options], "POST /api/v1/resume", {
      body: {},
    });

    expect(err).toMatch(words);
    expect([exitCode, asked]).toEqual([1, []]);
  });

  test("tells what still stands after a resume, and lists it", async () => {
    const scope = { kind: "pair", exchange: "kraken", pair: "BTC/USDT" };
    const stands = { scope, mode: "quarantine", cause: "reconciliation", by: "hub" };
    const halts = [{ ...stands, reason: "0.5 held there", at: 0 }];

    const resumed = await ask(["resume"], "POST /api/v1/resume", {
      body: { before: true, halted: false, halts },
    });
    const listed = await ask(["halts"], "GET /api/v1/halts", { body: { halts } });

    expect(resumed.out).toContain("trading is on again; still halted:");
    expect(listed.out).toMatch(/pair:kraken:BTC\/USDT +quarantine +reconciliation +hub/);
  });
});

describe("hub leases", () => {
  test("names who holds what, and for how long", async () => {
    const lease = { name: "trader", instance: "one pid 7", mine: true, epoch: 3, leftMs: 9_876 };
    const other = { ...lease, name: "exchange:binance", instance: "two pid 8", mine: false };
    const free = { ...other, name: "exchange:kraken", leftMs: 0 };

    const { out } = await ask(["leases"], "GET /api/v1/leases", {
      body: { leases: [other, free, lease] },
    });

    expect(out.split("\n")).toEqual([
      "lease             held by               epoch  left s",
      "exchange:binance  two pid 8                 3     9.9",
      "exchange:kraken   nobody                    3     0.0",
      "trader            one pid 7 (this hub)      3     9.9",
    ]);
  });
});

describe("hub status", () => {
  const status = {
    version: "1.2.3",
    mode: "sandbox",
    live: false,
    broker: "paper",
    startedAt: NOON,
    uptimeSeconds: 5,
    hubTime: NOON,
    vault: "offline",
    store: { state: "ok", reason: null, asOf: NOON },
    halted: null,
    halts: [],
    actors: { total: 5, up: 5, parked: [] },
    watched: 8,
    openGaps: 0,
    openPositions: 0,
    account: {
      currency: "USDT",
      cash: "1",
      reserved: "0",
      equity: "1",
      openPnl: "0",
      exposure: "0",
    },
  };

  test.each([
    [["trader", "exchange:binance"], [], "holds trader, exchange:binance"],
    [["trader"], ["exchange:binance"], "holds trader; STANDBY for exchange:binance"],
    [[], ["trader"], "STANDBY for trader"],
    [[], [], "none"],
  ])("tells of a hub that holds %j and wants %j", async (held, standby, words) => {
    const body = { ...status, leases: { held, standby } };

    const { out } = await ask(["status"], "GET /api/v1/status", { body });

    expect(out).toMatch(new RegExp(`^leases +${words}$`, "m"));
    expect(out).toMatch(/^vault +offline$/m);
  });
});

describe("hub actors", () => {
  test("indents each actor below its parent", async () => {
    const leaf = { kind: "actor", state: "up", restarts: 2, mailboxDepth: 0, children: [] };
    const child = { ...leaf, id: "commander", lastFailure: "no\tsuch\u001b[31m thing" };
    const root = { ...leaf, id: "root", kind: "supervisor", restarts: 0, children: [child] };

    const { out } = await ask(["actors"], "GET /api/v1/actors", { body: root });

    expect(out.split("\n")[2]).toBe(
      "  commander  up            2        0           no such [31m thing",
    );
  });
});
