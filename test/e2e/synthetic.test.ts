import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TIMEFRAMES, type Timeframe, timeframeMs } from "../../src/market/timeframe.ts";
import { type ApiOrder, allActors, allCandles, allSignals } from "./kit/api.ts";
import { dataFolder, type Ended, HubProcess, until } from "./kit/hub-process.ts";

const FOLLOWED: readonly Timeframe[] = ["1m", "5m", "15m", "1h"];

/** Asks the sandbox exchange itself, past the hub. */
async function venueRows(hub: HubProcess, symbol: string, timeframe: string, from: number) {
  const sandbox = /sandbox exchange at (http:\/\/[^,"]+)/.exec(hub.stderr)?.[1] ?? "";
  const query = `symbol=${symbol}&interval=${timeframe}&startTime=${from}&limit=1000`;
  const answer = await fetch(`${sandbox}/api/v3/klines?${query}`);
  return ((await answer.json()) as (string | number)[][]).map((row) => row.slice(0, 6).map(Number));
}

describe("a hub on the synthetic market, as a newcomer starts it", () => {
  const folder = dataFolder();
  let hub: HubProcess;

  beforeAll(async () => {
    hub = await HubProcess.start(folder.path, { HUB_SPEED: "60" });
  }, 120_000);

  afterAll(async () => {
    await hub.stop();
    folder.remove();
  });

  test("prints the address where it listens and nothing else", () => {
    expect(hub.stdout).toBe(`listening on ${hub.url}\n`);
  });

  test("arms all series of the default portfolio", async () => {
    const armed = await until(
      async () => {
        const { watchlist } = await hub.get<{ watchlist: { state: string }[] }>(
          "/api/v1/watchlist",
        );
        return watchlist.length === 8 && watchlist.every((series) => series.state === "armed");
      },
      30_000,
      "all series to be armed",
    );
    expect(armed).toBe(true);
  });

  test("stores exactly the candles that the exchange has", async () => {
    await until(
      async () => (await allCandles(hub, "BTC/USDT", "1m")).length >= 510,
      30_000,
      "ten live candles",
    );
    for (const timeframe of FOLLOWED) {
      const stored = await allCandles(hub, "BTC/USDT", timeframe);
      const from = stored[0]?.openTime ?? 0;
      const venue = await venueRows(hub, "BTCUSDT", timeframe, from);
      const rows = stored.map((c) => [c.openTime, c.open, c.high, c.low, c.close, c.volume]);
      expect(rows.length).toBeGreaterThanOrEqual(500);
      expect(rows).toEqual(venue.slice(0, rows.length));
      expect(rows.every(([t = 0], i) => t === from + i * timeframeMs(timeframe))).toBe(true);
    }
  });

  test("adds a pair while it runs, and lets go of it again", async () => {
    const wish = { exchange: "binance", pair: "sol-usdt", timeframe: "1M".replace("M", "m") };
    const added = await hub.post("/api/v1/watchlist", wish);
    const again = await hub.post("/api/v1/watchlist", wish);
    const stored = await allCandles(hub, "SOL/USDT", "1m");
    const id = "analyst:binance:SOL/USDT:1m";
    const before = (await allActors(hub)).filter((actor) => actor.id.endsWith(id));
    const removed = await hub.request("/api/v1/watchlist/binance/SOL%2FUSDT/1m", {
      method: "DELETE",
    });
    const after = (await allActors(hub)).filter((actor) => actor.id.endsWith(id));

    expect(added).toMatchObject({ status: 201, body: { pair: "SOL/USDT" } });
    expect(again.status).toBe(200);
    expect(stored.length).toBeGreaterThanOrEqual(500);
    expect(before).toMatchObject([{ state: "up" }]);
    expect([200, 204]).toContain(removed.status);
    expect(after).toEqual([]);
  });

  test.each([
    ["exchange", { exchange: "nowhere", pair: "BTC/USDT", timeframe: "1m" }, "binance"],
    ["pair", { exchange: "binance", pair: "BTC/NOPE", timeframe: "1m" }, "BTC/USDT"],
    ["timeframe", { exchange: "binance", pair: "BTC/USDT", timeframe: "7m" }, TIMEFRAMES[0]],
  ])(
    "refuses an unknown %s with what is allowed, and changes nothing",
    async (field, wish, allowed) => {
      const before = await hub.get("/api/v1/watchlist");
      const answer = await hub.post("/api/v1/watchlist", wish);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ field });
      expect((answer.body as { allowed: string[] }).allowed).toContain(allowed);
      const watched = (list: unknown): unknown =>
        (list as { watchlist: { pair: string }[] }).watchlist.map((series) => series.pair);
      expect(watched(await hub.get("/api/v1/watchlist"))).toEqual(watched(before));
    },
  );

  test("judges every signal once and makes one order of each accepted one", async () => {
    await until(async () => (await allSignals(hub)).length >= 5, 60_000, "five signals");
    await hub.post("/api/v1/halt", { reason: "counting" });
    await until(
      async () => {
        const { queue } = await hub.get<{ queue: { status: string }[] }>("/api/v1/queue");
        return queue.every((item) => item.status === "done");
      },
      10_000,
      "the queue to be worked off",
    );
    const signals = await allSignals(hub);
    const { orders } = await hub.get<{ orders: ApiOrder[] }>("/api/v1/orders?limit=1000");
    const accepted = signals.filter((signal) => signal.verdict?.decision === "accepted");
    const ordered = orders.flatMap((order) =>
      order.signalId === undefined ? [] : [order.signalId],
    );
    expect(signals.every((signal) => signal.verdict !== null)).toBe(true);
    expect(ordered.toSorted()).toEqual(accepted.map((signal) => signal.id).toSorted());
    await hub.post("/api/v1/resume", {});
  });

  test("stops on SIGTERM with exit code 0, and goes on where it stopped", async () => {
    const before = await allCandles(hub, "ETH/USDT", "1m");
    const signals = await allSignals(hub);
    const end: Ended = await hub.stop("SIGTERM");
    expect(end.code).toBe(0);

    hub = await HubProcess.start(folder.path, { HUB_SPEED: "60" });
    const after = await until(
      async () => {
        const candles = await allCandles(hub, "ETH/USDT", "1m");
        return candles.length > before.length + 2 ? candles : undefined;
      },
      30_000,
      "candles beyond those of the first run",
    );
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.every((c, i) => c.openTime === (before[0]?.openTime ?? 0) + i * 60_000)).toBe(
      true,
    );
    const known = new Set((await allSignals(hub)).map((signal) => signal.id));
    expect(signals.every((signal) => known.has(signal.id))).toBe(true);
  });

  test("survives kill -9 and leaves no database behind", async () => {
    const before = await allCandles(hub, "BTC/USDT", "5m");
    await hub.stop("SIGKILL");
    hub = await HubProcess.start(folder.path, { HUB_SPEED: "60" });
    const after = await allCandles(hub, "BTC/USDT", "5m");
    expect(after.slice(0, before.length)).toEqual(before);
  });

  test("refuses a second hub on its data folder in one line, and runs on unharmed", async () => {
    const second = await HubProcess.refused(folder.path, { HUB_SPEED: "60" });
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr.trim().split("\n")).toHaveLength(1);
    expect(second.stderr).toContain("another hub uses the data folder");
    expect((await hub.request("/api/v1/status")).status).toBe(200);
  });

  test("refuses a port in use in one line", async () => {
    const other = dataFolder();
    const port = new URL(hub.url).port;
    const second = await HubProcess.refused(other.path, { PORT: port, LOG_LEVEL: "error" });
    other.remove();
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr.trim()).toBe(
      `port ${port} on 127.0.0.1 is in use; set PORT to another, or 0 for any`,
    );
  });
});
