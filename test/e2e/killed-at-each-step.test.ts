import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../src/runtime/secret.ts";
import { sql } from "../kit/sql.ts";
import { accountFor, expectAccounted } from "./kit/account-for.ts";
import { bookSizes, brokenBooks, brokenChains } from "./kit/books.ts";
import { BUSY } from "./kit/busy-hub.ts";
import { type Call, CrashLine, type CrashPoint } from "./kit/crash-line.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { hubTime } from "./kit/outage.ts";
import { type SharedDatabase, startSharedDatabase } from "./kit/shared-database.ts";
import { STEPS, type Step } from "./kit/steps.ts";

const START_LIMIT_MS = 180_000;
/** A step that nobody asks for comes by within seconds. */
const STEP_LIMIT_MS = 120_000;
/** Whose candles are compared with the market itself. */
const SAMPLE = ["S0007/USDT", "S0019/USDT"];

const DEATHS = STEPS.flatMap((step) =>
  step.moments.map((moment) => ({ when: `${moment} ${step.what}`, step, moment })),
);

/** A death, and the call it cut off. */
interface Cut {
  readonly when: string;
  readonly step: Step;
  readonly moment: CrashPoint["moment"];
  readonly call: Call;
}

describe("a hub that dies at a step between candle and fill", () => {
  const folder = dataFolder();
  const cuts: Cut[] = [];
  let database: SharedDatabase;
  let line: CrashLine;
  const place = () => ({ url: new Secret(database.url) });
  const start = () => HubProcess.start(folder.path, { ...BUSY.settings, DATABASE_URL: line.url });

  beforeAll(async () => {
    database = await startSharedDatabase();
    line = await CrashLine.open(database.socketDir);
  }, START_LIMIT_MS);
  afterAll(async () => {
    await line.close();
    await database.close();
    folder.remove();
  });

  test.each(DEATHS)(
    "leaves its books in order $when",
    async ({ when, step, moment }) => {
      const hub = await start();
      const { fn, isIt } = step;
      let call: Call | undefined;
      const kill = (): boolean => process.kill(hub.pid, "SIGKILL");
      void line.killAt({ fn, moment, isIt }, kill).then((found) => (call = found));
      // Nobody hears the answer of a hub that dies of the question.
      const asked = step.ask?.(hub, moment).catch(() => undefined);
      let death: Call;
      try {
        death = await until(() => call, STEP_LIMIT_MS, `the hub's death ${when}`);
      } finally {
        await hub.stop("SIGKILL");
      }
      await asked;

      cuts.push({ when, step, moment, call: death });
      expect(await brokenBooks(place(), "always")).toEqual([]);
    },
    START_LIMIT_MS + STEP_LIMIT_MS,
  );

  /** Deaths after which the hub did not go on as it must. */
  const wrongAfterwards = async (): Promise<string[]> => {
    const wrong: string[] = [];
    for (const { when, step, moment, call } of cuts) {
      const trace = step.trace?.(call, moment);
      if (trace === undefined) continue;
      const isDone = (await sql(place(), trace.sql, trace.values)).length > 0;
      if (isDone !== (moment === "after" || step.isResumed)) wrong.push(when);
    }
    return wrong;
  };

  test(
    "takes up what was cut off, once, and keeps what was done",
    async () => {
      const hub = await start();
      await hub.post("/api/v1/halt", { mode: "quarantine" });
      await until(
        async () => (await brokenBooks(place(), "at rest")).length === 0,
        STEP_LIMIT_MS,
        "the books to come to rest",
      );
      await until(
        async () => (await wrongAfterwards()).length === 0,
        STEP_LIMIT_MS,
        "what was cut off",
      ).catch(() => undefined);
      const atMs = await hubTime(hub);
      const truth = BUSY.truth();
      const accounts = () =>
        Promise.all(SAMPLE.map((pair) => accountFor(hub, truth, pair, "5m", atMs)));
      const isWhole = async () =>
        (await accounts()).every(({ lost, open }) => lost.length + open.length === 0);
      await until(isWhole, STEP_LIMIT_MS, "every candle that was due");
      const candles = await accounts();
      await hub.stop();

      process.stdout.write(`${cuts.length} deaths: ${JSON.stringify(await bookSizes(place()))}\n`);
      expect(cuts).toHaveLength(DEATHS.length);
      expect(await wrongAfterwards()).toEqual([]);
      for (const account of candles) expectAccounted(account, 1);
      expect(await brokenBooks(place(), "at rest")).toEqual([]);
      expect(await brokenChains(place())).toEqual([]);
    },
    START_LIMIT_MS + 3 * STEP_LIMIT_MS,
  );
});
