import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../src/runtime/secret.ts";
import { bookSizes, brokenBooks } from "./kit/books.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { type SharedDatabase, startSharedDatabase } from "./kit/shared-database.ts";
import { Wishes } from "./kit/wishes.ts";

/** Two hundred take a quarter of an hour; fewer run with the other tests. */
const KILLS = Number(process.env["KILLS"] ?? 12);
/** Set it to the seed of a failure to draw the same moments again. */
const SEED = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000_000);
const LIMIT_MS = 60_000 + KILLS * 15_000;
const EXTRA_PAIRS = 30;

const PAIRS = Array.from(
  { length: EXTRA_PAIRS },
  (_, n) => `S${String(n + 1).padStart(4, "0")}/USDT`,
);
const SETTINGS = {
  HUB_SPEED: "60",
  // A lease outlives its killed hub by this: until then the next one stands by.
  HUB_LEASE_TTL_MS: "3000",
  HUB_SANDBOX_EXTRA_PAIRS: String(EXTRA_PAIRS),
  HUB_PORTFOLIOS: JSON.stringify([
    { name: "many", exchange: "binance", pairs: PAIRS, timeframes: ["1m", "5m"] },
  ]),
  // Orders in plenty: what is to be shown is that none is lost or doubled, not that they are good.
  HUB_LIMITS: JSON.stringify({
    stakeFraction: 0.02,
    maxOpenPositions: 100,
    minDayQuoteVolume: 0,
    cooldownCandles: 0,
    maxSpreadFraction: 0.05,
    maxSlippageFraction: 0.05,
    maxTradesPerDay: 100_000,
  }),
};

/** A kill so many ms after the start of the process, or after it began to serve. */
const moment = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ serves: fc.constant(false), ms: fc.integer({ max: 3_000, min: 200 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ serves: fc.constant(true), ms: fc.integer({ max: 8_000, min: 0 }) }),
  },
);

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe(`a hub that is killed ${KILLS} times`, () => {
  const folder = dataFolder();
  let database: SharedDatabase;
  const place = () => ({ url: new Secret(database.url) });
  const settings = () => ({ ...SETTINGS, DATABASE_URL: database.url });
  const start = () => HubProcess.start(folder.path, settings());

  beforeAll(async () => {
    database = await startSharedDatabase();
  }, LIMIT_MS);
  afterAll(async () => {
    await database.close();
    folder.remove();
  });

  test(
    "has lost nothing and done nothing twice, and keeps what it acknowledged",
    async () => {
      const wishes = new Wishes(PAIRS);
      const forgotten: string[] = [];
      const recoveries: number[] = [];
      for (const [round, { serves, ms }] of fc
        .sample(moment, { seed: SEED, numRuns: KILLS })
        .entries()) {
        if (serves) {
          const startedAt = performance.now();
          const hub = await start();
          recoveries.push(performance.now() - startedAt);
          forgotten.push(...(await wishes.forgotten(hub)));
          const wishing = wishes.make(hub);
          await sleep(ms);
          await hub.stop("SIGKILL");
          await wishing;
        } else {
          await HubProcess.killedAfter(ms, folder.path, settings());
        }
        const broken = await brokenBooks(place(), "always");
        expect(broken, `round ${round}, FAULT_SEED=${SEED}`).toEqual([]);
      }
      const hub = await start();
      // Nothing new is sent, and what is under way comes to its end.
      await hub.post("/api/v1/halt", { mode: "quarantine" });
      await until(
        async () => (await brokenBooks(place(), "at rest")).length === 0,
        60_000,
        "the books to come to rest",
      );
      await hub.stop();

      const sizes = await bookSizes(place());
      const slowest = Math.round(Math.max(...recoveries));
      process.stdout.write(
        `${KILLS} kills: ${JSON.stringify(sizes)}, slowest start ${slowest} ms\n`,
      );
      expect(forgotten).toEqual([]);
      expect(sizes["signals"]).toBeGreaterThan(0);
      expect(await brokenBooks(place(), "at rest")).toEqual([]);
    },
    LIMIT_MS,
  );
});
