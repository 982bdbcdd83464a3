import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiSignal, allActors, allSignals } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { poisonFolder } from "./kit/poison.ts";

const MINUTE_MS = 60_000;
/** ETH costs less than this on the sandbox, BTC more. */
const BELOW = 10_000;
const POISONED = "binance:ETH/USDT:1m";

interface Run {
  readonly signals: readonly ApiSignal[];
  readonly from: number;
  readonly until: number;
}

/** The same market for both runs: it is made of its seed and of the minutes it plays. */
const MARKET = { HUB_SPEED: "60", HUB_SANDBOX_SEED: "poison", LOG_LEVEL: "warn" };

describe("a hub with one poisoned analyst", () => {
  const folders = [dataFolder(), dataFolder()] as const;
  let healthy: HubProcess;
  let poisoned: HubProcess;
  let fromMs = 0;

  beforeAll(async () => {
    healthy = await HubProcess.start(folders[0].path, MARKET);
    const { hubTime } = await healthy.get<{ hubTime: number }>("/api/v1/status");
    fromMs = Math.ceil(hubTime / MINUTE_MS) * MINUTE_MS + 6 * MINUTE_MS;
    const strategies = ["ema-cross", "rsi-reversion", "bollinger-breakout", "momentum"].map(
      (id) => ({ id }),
    );
    const poison = { id: "poison", parameters: { fromMs, below: BELOW }, timeframes: ["1m"] };
    poisoned = await HubProcess.start(folders[1].path, {
      ...MARKET,
      HUB_STRATEGIES_DIR: poisonFolder(folders[1].path),
      HUB_STRATEGIES: JSON.stringify([...strategies, { id: "macd-adx-trend" }, poison]),
    });
  }, 120_000);

  afterAll(async () => {
    await Promise.all([healthy.stop(), poisoned.stop()]);
    for (const folder of folders) folder.remove();
  });

  async function run(hub: HubProcess): Promise<Run> {
    const end = fromMs + 24 * MINUTE_MS;
    await until(
      async () =>
        (await hub.get<{ hubTime: number }>("/api/v1/status")).hubTime > end + 2 * MINUTE_MS,
      80_000,
      "the minutes to pass",
    );
    return { signals: await allSignals(hub), from: fromMs, until: end };
  }

  /** What was seen in the time that both runs were up, in an order of its own. */
  function inCommon({ signals, from, until: end }: Run): unknown[] {
    return signals
      .filter(({ openTime, series }) => {
        const key = `${series.exchange}:${series.pair}:${series.timeframe}`;
        return openTime >= from && openTime < end && key !== POISONED;
      })
      .map(({ id, side, price, strategy, openTime }) => ({ id, side, price, strategy, openTime }))
      .toSorted((a, b) => a.id.localeCompare(b.id));
  }

  test("raises the same signals everywhere else, and shows the analyst as parked", async () => {
    const [without, withPoison] = await Promise.all([run(healthy), run(poisoned)]);
    const parked = (await allActors(poisoned)).filter((actor) => actor.state === "parked");

    expect(inCommon(without).length).toBeGreaterThan(0);
    expect(inCommon(withPoison)).toEqual(inCommon(without));
    expect(parked.map((actor) => actor.id.split("/").slice(2).join("/"))).toEqual([
      `analyst:${POISONED}`,
    ]);
    expect((await allActors(healthy)).filter((actor) => actor.state === "parked")).toEqual([]);
  }, 90_000);

  test("says so in the watchlist and in its metrics", async () => {
    const { watchlist } = await poisoned.get<{
      watchlist: { pair: string; timeframe: string; state: string }[];
    }>("/api/v1/watchlist");
    const states = watchlist.filter((series) => series.state === "parked");
    const metrics = await (await fetch(`${poisoned.url}/metrics`)).text();

    expect(states).toMatchObject([{ pair: "ETH/USDT", timeframe: "1m" }]);
    expect(metrics).toMatch(/engine_actor_restarts_total\{actor="analyst"[^}]*\} [1-9]/);
  });
});
