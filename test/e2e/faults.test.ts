import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Timeframe } from "../../src/market/timeframe.ts";
import { marketTruth } from "../kit/market-truth.ts";
import { type Account, accountFor, expectAccounted } from "./kit/account-for.ts";
import { allActors } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { expectOneOrderEach, hubTime, metric, untilArmed } from "./kit/outage.ts";

const PAIRS = ["BTC/USDT", "ETH/USDT"] as const;
const TIMEFRAMES: readonly Timeframe[] = ["1m", "5m", "15m", "1h"];
const SEED = "weather";

/** Machine time of bad weather, a minute of the market in each second. */
const WEATHER_MS = Number(process.env["WEATHER_SECONDS"] ?? 60) * 1_000;
const SPEED = 60;

/** All kinds of faults, for one request in four; then the sky clears. */
const FAULTS = {
  seed: process.env["WEATHER_SEED"] ?? "a",
  rate: 0.25,
  forMs: WEATHER_MS * SPEED,
};

describe("a hub whose exchange goes wrong in every way there is", () => {
  const folder = dataFolder();
  const truth = marketTruth(SEED);
  let hub: HubProcess;

  beforeAll(async () => {
    hub = await HubProcess.start(folder.path, {
      HUB_SPEED: String(SPEED),
      HUB_SANDBOX_SEED: SEED,
      HUB_SANDBOX_FAULTS: JSON.stringify(FAULTS),
      // Half a minute of the market: what hangs shall not hang for the whole of it.
      HUB_EXCHANGE_DEADLINE_MS: "500",
    });
  }, 180_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    folder.remove();
  });

  const accounts = async (atMs: number): Promise<Account[]> => {
    const series = PAIRS.flatMap((pair) =>
      TIMEFRAMES.map((timeframe) => [pair, timeframe] as const),
    );
    const work = series.map(([pair, timeframe]) => accountFor(hub, truth, pair, timeframe, atMs));
    return Promise.all(work);
  };

  test(
    "loses, doubles and makes up no candle, and forgets none that is due",
    async () => {
      await new Promise((done) => setTimeout(done, WEATHER_MS));
      for (const outcome of ["missing", "corrupt", "failed"]) {
        const polls = new RegExp(`^engine_polls_total{.*outcome="${outcome}"`);
        expect(await metric(hub, polls)).toBeGreaterThan(0);
      }

      // The last outage, or ban, may outlast the weather by some minutes of the market.
      await untilArmed(hub);
      const atMs = await hubTime(hub);
      // A candle that was revised is read again with the next one: after an hour, of the longest.
      const isDone = async (): Promise<boolean> =>
        (await accounts(atMs)).every(
          ({ lost, wrong, open }) => lost.length + wrong.length + open.length === 0,
        );
      await until(isDone, 200_000, "all that was due, as it truly is");

      for (const account of await accounts(atMs)) expectAccounted(account, 400);
      const kept = (await accounts(atMs)).map(({ stored, empty }) => `${stored} (${empty.length})`);
      process.stdout.write(`candles stored and taken for empty, by series: ${kept.join(", ")}\n`);
    },
    WEATHER_MS + 340_000,
  );

  test("has every actor up, and none was restarted", async () => {
    const actors = await allActors(hub);

    expect(actors.filter(({ state, restarts }) => state !== "up" || restarts > 0)).toEqual([]);
  });

  test("makes one order of each accepted signal, though answers were lost", async () => {
    await expect(expectOneOrderEach(hub)).resolves.toBeUndefined();
  }, 200_000);
});
