import { describe, expect, test } from "vitest";
import type { HubEvent } from "../../src/market/events.ts";
import type { Series } from "../../src/market/series.ts";
import { LivenessWatch } from "../../src/system/liveness-watch.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 2, 10, 12);
const BTC: Series = { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" };
const ETH: Series = { ...BTC, pair: "ETH/USDT" };
const ANALYST = "commander/analysts/shard-3/analyst:binance:BTC/USDT:1m";

function setUp() {
  const clock = new ManualClock(NOON);
  const world = {
    clock,
    watched: [BTC, ETH].map((series) => ({ ...series, newestOpenTime: NOON - MINUTE })),
    isOurs: true,
  };
  const watch = new LivenessWatch({
    nowMs: () => NOON + clock.monotonicMs(),
    machineClock: clock,
    watched: () => world.watched,
    isOurs: () => world.isOurs,
    isTraded: () => true,
    graceMs: MINUTE,
  });
  watch.now(); // both are known from here on
  const saved = (series: Series, openTime: number): HubEvent => ({
    kind: "candle-saved",
    series,
    openTime,
    closeTime: openTime + MINUTE,
    close: 1,
    novelty: "new",
    source: "poll",
  });
  /** Closes of the next minutes, each stored 6 s later. */
  const minutes = async (count: number, ...series: readonly Series[]): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      await clock.advance(6_000);
      const openTime = Math.floor(clock.nowMs() / MINUTE) * MINUTE - MINUTE;
      for (const one of series) watch.onEvent(saved(one, openTime));
      await clock.advance(MINUTE - 6_000);
    }
  };
  const thought = (actor = ANALYST): void =>
    watch.onKitEvent({
      kind: "handled",
      actor,
      topic: "wake",
      count: 1,
      outcome: "ok",
      waitMs: 0,
      durationMs: 1,
    });
  const late = () => watch.now().late.map(({ series, why }) => `${series.pair} ${why}`);
  return { ...world, world, watch, minutes, thought, late, saved };
}

describe("who watches the work", () => {
  test("sees a series whose candles stop to come, and no other", async () => {
    const { minutes, thought, late, watch } = setUp();
    await minutes(1, BTC, ETH);
    thought();
    thought(ANALYST.replace("BTC", "ETH"));
    await minutes(2, BTC);
    thought();

    expect(late()).toEqual(["ETH/USDT no-candle"]);
    expect(watch.now().state).toBe("unhealthy"); // one of two
    expect(watch.staleness("binance")).toBeNull();
  });

  test("counts by the exchange's clock: nothing is late because ours was set", async () => {
    const { clock, minutes, thought, late } = setUp();
    await minutes(2, BTC, ETH);
    thought();
    thought(ANALYST.replace("BTC", "ETH"));
    clock.step(2 * 86_400_000);
    await clock.advance(1_000);

    expect(late()).toEqual([]);
  });

  test("sees an analyst that does not come to an end, until it does or is started anew", async () => {
    const { minutes, thought, late, watch } = setUp();
    await minutes(3, BTC, ETH);
    thought(ANALYST.replace("BTC", "ETH"));
    expect(late()).toEqual(["BTC/USDT no-thought"]);

    watch.onKitEvent({ kind: "started", actor: ANALYST, durationMs: 1 });
    await minutes(0);
    expect(watch.now().late).toHaveLength(1); // a look serves for half a second
    await minutes(1, BTC, ETH);
    thought();
    thought(ANALYST.replace("BTC", "ETH"));
    expect(late()).toEqual([]);
  });

  test("tells a gap that is written down from work that nobody does", async () => {
    const { minutes, late, watch, clock } = setUp();
    await minutes(2);
    const openTime = clock.nowMs() - 2 * MINUTE;
    watch.onEvent({ kind: "retry-pending", series: BTC, openTime, reason: "no row" });
    watch.onEvent({ kind: "gap-confirmed-empty", series: ETH, openTime });

    expect(late()).toEqual(["BTC/USDT gap"]);
    expect(watch.now().state).toBe("degraded");
  });

  test("remembers over a restart what was a gap before it", async () => {
    const { minutes, late, watch, clock } = setUp();
    await minutes(2);
    watch.learn([{ series: BTC, openTime: clock.nowMs() - 2 * MINUTE }], true);
    watch.learn([{ series: ETH, openTime: clock.nowMs() - 2 * MINUTE }], false);

    expect(late()).toEqual(["BTC/USDT gap"]);
  });

  test("says of an exchange that is silent throughout how long it has been", async () => {
    const { minutes, watch, world } = setUp();
    expect(watch.staleness("binance")).toBeUndefined(); // nothing is due yet
    await minutes(3);

    expect(watch.staleness("binance")).toBe(
      "none of 2 series has its newest candle, for up to 120 s",
    );
    expect(watch.staleness("kraken")).toBeUndefined();
    world.isOurs = false;
  });

  test("leaves to another hub what that hub works on, and forgets what nobody follows", async () => {
    const { minutes, late, world } = setUp();
    await minutes(2, BTC);
    world.watched = world.watched.slice(0, 1);
    expect(late()).toEqual(["BTC/USDT no-thought"]);
    world.isOurs = false;
    await minutes(2);

    expect(late()).toEqual([]);
  });
});
