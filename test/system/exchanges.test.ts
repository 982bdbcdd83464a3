import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { machineClock } from "../../src/runtime/clock.ts";
import { Exchanges } from "../../src/system/exchanges.ts";
import { type RecordedVenue, startRecordedVenue } from "../exchanges/contract/recorded-venue.ts";
import { RECORDED_AT } from "../exchanges/contract/recorded-world.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { NO_STEPS } from "../kit/steps.ts";

const MINUTE = 60_000;

describe("the exchanges of a hub", () => {
  const failures: string[] = [];
  let clock: ManualClock;
  let venue: RecordedVenue;
  let exchanges: Exchanges;

  beforeEach(async () => {
    failures.length = 0;
    clock = new ManualClock(RECORDED_AT);
    venue = await startRecordedVenue("binance");
    exchanges = new Exchanges({
      sandboxUrl: venue.baseUrl,
      clock,
      machineClock,
      steps: NO_STEPS,
      deadlineMs: 5_000,
      budgetPart: "all",
      maxSockets: 5,
      random: () => 0.5,
      onFailure: (what) => failures.push(what),
    });
  });
  afterEach(async () => {
    await exchanges.close();
    await venue.close();
  });

  const age = (): number | undefined => exchanges.market("binance")?.clockOffset()?.ageMs;
  const measured = (): Promise<boolean> => vi.waitUntil(() => age() === 0, { timeout: 5_000 });

  test("measures the clock of one that is asked from here, every ten minutes", async () => {
    exchanges.keepClock("binance");
    exchanges.keepClock("binance");
    await measured();
    await clock.advance(10 * MINUTE - 1);
    expect(age()).toBe(10 * MINUTE - 1);
    await clock.advance(1);
    await measured();

    expect(venue.asked.filter((path) => path.endsWith("/time"))).toHaveLength(6);
    expect(failures).toEqual([]);
  });

  test("lets the measurement age while the exchange does not answer, and asks again soon", async () => {
    exchanges.keepClock("binance");
    await measured();
    venue.fault = (path, response) => {
      if (path.endsWith("/time")) response.writeHead(503).end("<html></html>");
      return path.endsWith("/time");
    };

    await clock.advance(10 * MINUTE);
    await vi.waitUntil(() => failures.length > 0, { timeout: 5_000 });
    expect([age(), failures]).toEqual([10 * MINUTE, ["clock of binance"]]);
    venue.fault = undefined;
    await clock.advance(15_000);

    await measured();
  });

  test("are reached when the hub knows them, and only then", async () => {
    expect((await exchanges.reach("binance"))?.exchange).toBe("binance");
    expect(await exchanges.reach("kraken")).toBeUndefined();
    expect(exchanges.market("binance")?.clockOffset()).toBeUndefined();
  });
});
