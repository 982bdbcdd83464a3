import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../src/runtime/secret.ts";
import { accountFor, expectAccounted } from "./kit/account-for.ts";
import { bookSizes, brokenBooks, brokenChains } from "./kit/books.ts";
import { BUSY } from "./kit/busy-hub.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { hubTime } from "./kit/outage.ts";
import { type SharedDatabase, startSharedDatabase } from "./kit/shared-database.ts";
import { Wishes } from "./kit/wishes.ts";

/** Two hundred take some twenty minutes; fewer run with the other tests. */
const KILLS = Number(process.env["KILLS"] ?? 12);
/** Set it to the seed of a failure to draw the same moments again. */
const SEED = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000_000);
const LIMIT_MS = 360_000 + KILLS * 15_000;
/** Candles that are late, damaged or refused, and orders that go astray: retries are under way at each kill. */
const FAULTS = { HUB_SANDBOX_FAULTS: JSON.stringify({ seed: String(SEED), rate: 0.05 }) };

/** Those whose candles are compared with the market itself. */
const SAMPLE = BUSY.pairs.filter((_, n) => n % 5 === 0);

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
  const truth = BUSY.truth();
  let database: SharedDatabase;
  const place = () => ({ url: new Secret(database.url) });
  const settings = () => ({ ...BUSY.settings, ...FAULTS, DATABASE_URL: database.url });
  const start = () => HubProcess.start(folder.path, settings());
  const accounts = async (hub: HubProcess, atMs: number) =>
    Promise.all(SAMPLE.map((pair) => accountFor(hub, truth, pair, "1m", atMs)));

  beforeAll(async () => {
    database = await startSharedDatabase();
  }, LIMIT_MS);
  afterAll(async () => {
    await database.close();
    folder.remove();
  });

  /** How long after `from` the first candle more is stored; undefined when the hub is killed before. */
  const firstCandle = async (from: number, isOver: () => boolean): Promise<number | undefined> => {
    const { candles: before = 0 } = await bookSizes(place());
    while (!isOver()) {
      const { candles: now = 0 } = await bookSizes(place());
      if (now > before) return performance.now() - from;
      await sleep(200);
    }
    return undefined;
  };

  test(
    "has lost nothing and done nothing twice, and keeps what it acknowledged",
    async () => {
      const wishes = new Wishes(BUSY.pairs);
      const forgotten: string[] = [];
      const serving: number[] = [];
      const working: number[] = [];
      /** A hub that serves until something is over, and is killed then. */
      const serveFor = async (over: () => Promise<unknown>): Promise<void> => {
        const startedAt = performance.now();
        let isKilled = false;
        const hub = await start();
        serving.push(performance.now() - startedAt);
        forgotten.push(...(await wishes.forgotten(hub)));
        const wishing = wishes.make(hub);
        const candle = firstCandle(startedAt, () => isKilled);
        try {
          await over();
        } finally {
          isKilled = true;
          await hub.stop("SIGKILL");
        }
        await wishing;
        const workingAfterMs = await candle;
        if (workingAfterMs !== undefined) working.push(workingAfterMs);
      };
      const moments = fc.sample(moment, { seed: SEED, numRuns: KILLS - 1 });
      for (const [round, { serves, ms }] of moments.entries()) {
        if (serves) await serveFor(() => sleep(ms));
        else await HubProcess.killedAfter(ms, folder.path, settings());
        const broken = await brokenBooks(place(), "always");
        expect(broken, `round ${round}, FAULT_SEED=${SEED}`).toEqual([]);
      }
      // The last one falls in the middle of its work, however slow the machine.
      const isBusy = async (): Promise<boolean> => {
        const { orders = 0, fills = 0 } = await bookSizes(place());
        return orders > 0 && fills > 0 && wishes.acknowledged > KILLS;
      };
      await serveFor(() => until(isBusy, 120_000, "orders, fills and acknowledged wishes"));
      expect(await brokenBooks(place(), "always"), `FAULT_SEED=${SEED}`).toEqual([]);

      // The sky clears: nothing new is sent, and what is under way comes to its end.
      const hub = await HubProcess.start(folder.path, {
        ...BUSY.settings,
        DATABASE_URL: database.url,
      });
      forgotten.push(...(await wishes.forgotten(hub)));
      await hub.post("/api/v1/halt", { mode: "quarantine" });
      await until(
        async () => (await brokenBooks(place(), "at rest")).length === 0,
        120_000,
        "the books to come to rest",
      );
      const atMs = await hubTime(hub);
      const isWhole = async (): Promise<boolean> =>
        (await accounts(hub, atMs)).every(
          ({ lost, wrong, open }) => lost.length + wrong.length + open.length === 0,
        );
      // What is not so by then is named below.
      await until(isWhole, 120_000, "every candle as it truly is").catch(() => undefined);
      const candles = await accounts(hub, atMs);
      await hub.stop();

      const sizes = await bookSizes(place());
      const worst = (times: readonly number[]): number => Math.round(Math.max(0, ...times));
      process.stdout.write(
        `${KILLS} kills, ${wishes.acknowledged} wishes acknowledged: ${JSON.stringify(sizes)}; ` +
          `slowest start ${worst(serving)} ms, slowest to a new candle ${worst(working)} ms (of ${working.length})\n`,
      );
      expect(forgotten).toEqual([]);
      expect(wishes.acknowledged).toBeGreaterThan(KILLS);
      for (const what of ["signals", "orders", "fills"]) expect(sizes[what]).toBeGreaterThan(0);
      for (const account of candles) expectAccounted(account, 1);
      expect(await brokenBooks(place(), "at rest")).toEqual([]);
      expect(await brokenChains(place())).toEqual([]);
    },
    LIMIT_MS,
  );
});
