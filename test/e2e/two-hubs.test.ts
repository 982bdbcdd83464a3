import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiOrder, allActors, allCandles } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { GENEROUS, metronomeFolder } from "./kit/metronome.ts";
import { type SharedDatabase, startSharedDatabase } from "./kit/shared-database.ts";

const PAIRS = ["BTC/USDT", "ETH/USDT"];
const MINUTE_MS = 60_000;
/** Longer than a lease lives here, with what a busy machine may add. */
const TAKEOVER_MS = 30_000;

interface Lease {
  readonly name: string;
  readonly mine: boolean;
  readonly epoch: number;
}

interface Watched {
  readonly pair: string;
  readonly state: string;
}

describe("two hubs on one database", () => {
  const folders = [dataFolder(), dataFolder()] as const;
  const hubs: HubProcess[] = [];
  let database: SharedDatabase;
  let holder: HubProcess;
  let other: HubProcess;

  /** Both play the same market at the same pace; each on an exchange of its own. */
  async function startHub(folder: (typeof folders)[number]): Promise<HubProcess> {
    const hub = await HubProcess.start(folder.path, {
      DATABASE_URL: database.url,
      HUB_LEASE_TTL_MS: "3000",
      HUB_SPEED: "20",
      HUB_SANDBOX_SEED: "two-hubs",
      HUB_PORTFOLIOS: JSON.stringify([{ name: "default", pairs: PAIRS, timeframes: ["1m"] }]),
      HUB_STRATEGIES_DIR: metronomeFolder(folder.path),
      HUB_STRATEGIES: JSON.stringify([{ id: "metronome" }]),
      HUB_LIMITS: JSON.stringify(GENEROUS),
    });
    hubs.push(hub);
    return hub;
  }

  beforeAll(async () => {
    database = await startSharedDatabase();
    holder = await startHub(folders[0]);
    copyFileSync(join(folders[0].path, "sandbox.json"), join(folders[1].path, "sandbox.json"));
    other = await startHub(folders[1]);
  }, 180_000);

  afterAll(async () => {
    // Also one that a failed test left frozen.
    await Promise.all(hubs.map((hub) => hub.stop("SIGKILL")));
    await database.close();
    for (const folder of folders) folder.remove();
  });

  const leasesOf = async (hub: HubProcess): Promise<readonly Lease[]> =>
    (await hub.get<{ leases: Lease[] }>("/api/v1/leases")).leases;
  const mine = async (hub: HubProcess): Promise<string[]> =>
    (await leasesOf(hub)).filter((lease) => lease.mine).map(({ name }) => name);
  const watchedBy = async (hub: HubProcess): Promise<readonly Watched[]> =>
    (await hub.get<{ watchlist: Watched[] }>("/api/v1/watchlist")).watchlist;
  const states = async (hub: HubProcess): Promise<Set<string>> =>
    new Set((await watchedBy(hub)).map(({ state }) => state));
  const armed = (hub: HubProcess, what: string): Promise<boolean> =>
    until(
      async () => (await states(hub)).size === 1 && (await states(hub)).has("armed"),
      TAKEOVER_MS,
      what,
    );
  /** Lines of a hub's log, parsed; a frozen hub's last line may be half. */
  const logOf = (hub: HubProcess): readonly { msg: string; order?: string }[] =>
    hub.stderr
      .split("\n")
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line) as { msg: string; order?: string });
  const tradedBy = (hub: HubProcess): Set<string> =>
    new Set(
      logOf(hub).flatMap(({ msg, order }) =>
        order !== undefined && / is filled/.test(msg) ? [order] : [],
      ),
    );
  const savedBy = (hub: HubProcess): number =>
    logOf(hub).filter(({ msg }) => /candle .* saved \(new\)/.test(msg)).length;
  const polls = async (hub: HubProcess): Promise<number> => {
    const text = await (await fetch(`${hub.url}/metrics`)).text();
    const counts = [...text.matchAll(/^engine_poll_duration_seconds_count\{.*\} (\d+)$/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const count = async (hub: HubProcess): Promise<number> =>
    (await allCandles(hub, "BTC/USDT", "1m")).length;
  /** Lets a hub store further candles. */
  const goesOn = async (hub: HubProcess, candles = 4): Promise<void> => {
    const before = await count(hub);
    await until(async () => (await count(hub)) >= before + candles, TAKEOVER_MS, "further candles");
  };

  async function expectNoHole(hub: HubProcess): Promise<void> {
    for (const pair of PAIRS) {
      const candles = await allCandles(hub, pair, "1m");
      const first = candles[0]?.openTime ?? 0;
      const holes = candles.filter(({ openTime }, i) => openTime !== first + i * MINUTE_MS);
      expect([pair, holes]).toEqual([pair, []]);
    }
    for (const state of ["missing", "empty"]) {
      const { gaps } = await hub.get<{ gaps: unknown[] }>(`/api/v1/gaps?state=${state}`);
      expect([state, gaps]).toEqual([state, []]);
    }
  }

  /** Each order was sent by one hub alone, and no more of it was done than was asked for. */
  async function expectNoOrderTwice(hub: HubProcess): Promise<void> {
    const [first, second] = [holder, other].map(tradedBy);
    expect([...(first ?? [])].filter((order) => second?.has(order))).toEqual([]);
    const path = "/api/v1/orders?limit=1000";
    const { orders } = await hub.get<{
      orders: (ApiOrder & { quantity: string; filled?: string })[];
    }>(path);
    const filled = orders.filter(({ state }) => state === "filled");
    expect(filled.length).toBeGreaterThan(0);
    expect(filled.filter((order) => order.filled !== order.quantity)).toEqual([]);
  }

  test("share the work: one polls and trades, the other stands by and shows the same", async () => {
    await armed(holder, "the first hub to arm everything");
    await until(() => tradedBy(holder).size >= 3, 60_000, "three trades");

    expect(await mine(holder)).toEqual(["exchange:binance", "trader"]);
    expect(await mine(other)).toEqual([]);
    expect(await states(other)).toEqual(new Set(["standby"]));
    const idle = (await allActors(other)).filter(({ id }) => /harvester:|analyst:/.test(id));
    expect([idle, await polls(other), savedBy(other), tradedBy(other).size]).toEqual([[], 0, 0, 0]);
    const metrics = await (await fetch(`${other.url}/metrics`)).text();
    expect(metrics).toMatch(/^engine_lease_held\{lease="trader"\} 0$/m);
    expect(await other.get("/api/v1/status")).toMatchObject({
      leases: { held: [], standby: ["trader", "exchange:binance"] },
      watched: 2,
    });
    expect(logOf(other).map(({ msg }) => msg)).toContainEqual(
      expect.stringMatching(/^lease trader is held by .* pid \d+: this hub is a standby for it$/),
    );
  }, 120_000);

  test("follow what is added and removed through the one that stands by", async () => {
    const wish = { exchange: "binance", pair: "SOL/USDT", timeframe: "1m" };
    const sol = async () => (await watchedBy(holder)).find(({ pair }) => pair === "SOL/USDT");

    const added = await other.post("/api/v1/watchlist", wish);
    await until(async () => (await sol())?.state === "armed", 20_000, "SOL to be armed");
    const path = "/api/v1/watchlist/binance/SOL-USDT/1m";
    const removed = await other.request(path, { method: "DELETE" });
    await until(async () => (await sol()) === undefined, 20_000, "SOL to be gone");
    const left = async () => (await allActors(holder)).filter(({ id }) => id.includes("SOL/USDT"));
    await until(async () => (await left()).length === 0, 20_000, "its analyst to be gone");

    expect(added).toMatchObject({ status: 202, body: { state: "arming" } });
    expect(removed.status).toBe(200);
  }, 90_000);

  test("let in by a token that was made at the other, until it is revoked at either", async () => {
    const made = await holder.post("/api/v1/tokens", { name: "desk", role: "viewer" });
    const { id, token } = made.body as { id: string; token: string };
    const status = async (hub: HubProcess): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await hub.request("/api/v1/status", { headers })).status;
    };
    expect(await status(holder)).toBe(200);
    await until(async () => (await status(other)) === 200, 20_000, "the other to know the token");
    const headers = { authorization: `Bearer ${token}` };
    const stream = await fetch(`${holder.url}/api/v1/events`, { headers });

    await other.request(`/api/v1/tokens/${id}`, { method: "DELETE" });

    expect(await status(other)).toBe(401);
    await until(async () => (await status(holder)) === 401, 20_000, "the first to shut");
    expect(await stream.text()).toMatch(/event: shutdown\ndata: \{\}\n\n$/);
    for (const { stdout, stderr } of hubs) expect(stdout + stderr).not.toContain(token);
  }, 90_000);

  test("keep a data folder each: a third on the folder of one is refused in one line", async () => {
    const third = await HubProcess.refused(folders[0].path, { DATABASE_URL: database.url });

    expect(third).toMatchObject({ code: 1, stdout: "" });
    expect(third.stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^another hub uses the data folder /),
    ]);
  });

  test("take over from one that was killed, without a hole in the candles or an order twice", async () => {
    const before = await leasesOf(holder);
    await holder.stop("SIGKILL");
    await until(async () => (await mine(other)).length === 2, TAKEOVER_MS, "the takeover");
    await armed(other, "the second hub to arm everything");
    const traded = tradedBy(other).size;
    await goesOn(other);
    await until(() => tradedBy(other).size > traded, 60_000, "a trade of the second hub");

    const after = await leasesOf(other);
    expect(after.map(({ epoch }) => epoch)).toEqual(before.map(({ epoch }) => epoch + 1));
    await expectNoHole(other);
    await expectNoOrderTwice(other);
  }, 180_000);

  test("take over from one that was frozen, which does nothing more when it thaws", async () => {
    const second = other;
    const first = await startHub(folders[0]);
    [holder, other] = [second, first];
    expect(await states(first)).toEqual(new Set(["standby"]));

    process.kill(second.pid, "SIGSTOP");
    await until(async () => (await mine(first)).length === 2, TAKEOVER_MS, "the takeover");
    await armed(first, "the first hub to arm everything again");
    await goesOn(first);
    const [traded, saved] = [tradedBy(second).size, savedBy(second)];
    process.kill(second.pid, "SIGCONT");
    await until(async () => (await states(second)).has("standby"), 20_000, "it to stand by");
    const polled = await polls(second);
    await goesOn(first);
    await until(() => tradedBy(first).size > 0, 60_000, "a trade of the first hub");

    expect(await mine(second)).toEqual([]);
    expect(await mine(first)).toEqual(["exchange:binance", "trader"]);
    expect([await polls(second), savedBy(second), tradedBy(second).size]).toEqual([
      polled,
      saved,
      traded,
    ]);
    const working = (await allActors(second)).filter(({ id }) => /harvester:|analyst:/.test(id));
    const restarted = (await allActors(second)).filter(({ restarts }) => restarts > 0);
    expect([working, restarted]).toEqual([[], []]);
    await expectNoHole(first);
    await expectNoOrderTwice(first);
  }, 180_000);

  test("hand over at once when one is stopped in order", async () => {
    const [second, first] = [holder, other];

    const end = await first.stop("SIGTERM");
    await until(async () => (await mine(second)).length === 2, TAKEOVER_MS, "the handover");
    await armed(second, "the second hub to arm everything");
    await goesOn(second);

    expect(end.code).toBe(0);
    await expectNoHole(second);
  }, 120_000);
});
