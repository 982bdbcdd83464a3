import { describe, expect, test } from "vitest";
import { createHubView } from "../../src/http/view.ts";
import type { Candle } from "../../src/market/candle.ts";
import { ManualClock, settle } from "../kit/manual-clock.ts";
import { account, known, NOW, trade } from "./kit/builders.ts";
import { emptyShelves, fakeStore } from "./kit/fake-store.ts";
import { FakeEvents } from "./kit/fakes.ts";
import { fill } from "./kit/world.ts";

async function setUp() {
  const shelves = emptyShelves();
  fill(shelves);
  const events = new FakeEvents();
  const clock = new ManualClock(NOW);
  const machineClock = new ManualClock(0);
  const gate: { reason: string | null } = { reason: null };
  const view = createHubView({ store: fakeStore(shelves), events, gate, clock, machineClock });
  view.start();
  await settle();
  await settle();
  return { shelves, events, gate, clock, machineClock, view };
}

const changed = { kind: "portfolio-saved", portfolio: "default" } as const;

describe("the view of the hub", () => {
  test("reads the store again every few seconds", async () => {
    const { shelves, machineClock, view } = await setUp();
    expect(view.picture().account?.cash).toBe("9500.25");
    shelves.account = account({ cash: "1" });
    await machineClock.advance(5_000);

    expect(view.picture().account?.cash).toBe("1");
  });

  test("reads once for a burst of events, soon after it", async () => {
    const { shelves, events, machineClock, view } = await setUp();
    shelves.trades = [trade(9, "1"), ...shelves.trades];
    const before = shelves.calls;
    await machineClock.advance(200);
    expect(shelves.calls).toBe(before);
    for (let n = 0; n < 500; n++) events.publish(changed);
    await machineClock.advance(200);
    const once = shelves.calls - before;
    await machineClock.advance(1_000);

    expect(view.picture().totalTrades).toBe(5);
    expect(once).toBeGreaterThan(0);
    expect(once).toBeLessThan(15);
    expect(shelves.calls - before).toBe(once);
  });

  test("reads long lists only when something changed, or after a while", async () => {
    const { shelves, machineClock, view } = await setUp();
    shelves.trades = [];
    await machineClock.advance(5_000);
    expect(view.picture().trades).toHaveLength(4);
    await machineClock.advance(31_000);
    expect(view.picture().trades).toHaveLength(0);
  });

  test("prices what is held by the newest candle in the store, whichever hub polls it", async () => {
    const { shelves, machineClock, view } = await setUp();
    const before = view.price("binance", "BTC/USDT");
    const quarter = shelves.candles.get("binance:BTC/USDT:15m") ?? [];
    const minute = known({ id: 2, timeframe: "1m", newestOpenTime: NOW });
    const candle = { ...(quarter.at(-1) as Candle), openTime: NOW, close: 123.5 };
    shelves.watched = [...shelves.watched, minute];
    shelves.candles.set("binance:BTC/USDT:1m", [candle]);
    await machineClock.advance(5_000);
    const { calls } = shelves;
    await machineClock.advance(5_000);
    const perLook = shelves.calls - calls;

    expect([before, view.price("binance", "BTC/USDT")]).toEqual(["105", "123.5"]);
    shelves.candles.clear();
    shelves.watched = [{ ...minute, newestOpenTime: NOW + 60_000 }];
    shelves.calls = 0;
    await machineClock.advance(5_000);
    // A newer candle is the only reason to read one.
    expect(shelves.calls).toBe(perLook + 1);
  });

  test("keeps the last good picture while the store is away or hangs, and says so", async () => {
    const { shelves, clock, machineClock, view } = await setUp();
    for (const mood of ["offline", "hanging"] as const) {
      shelves.mood = mood;
      await clock.advance(20_000);
      await machineClock.advance(20_000);
      expect(view.picture()).toMatchObject({ storeState: "offline", asOf: NOW, totalTrades: 4 });
      expect(view.picture().account?.cash).toBe("9500.25");
    }
    shelves.mood = "ok";
    await machineClock.advance(20_000);
    expect(view.picture()).toMatchObject({ storeState: "ok", asOf: clock.nowMs() });
  });

  test("hears at once that the store is lost", async () => {
    const { gate, view } = await setUp();
    gate.reason = "gone";
    expect(view.picture().storeState).toBe("offline");
  });

  test("says why the store is offline, and believes whoever waits to write rather than its own reading", async () => {
    const { gate, machineClock, view } = await setUp();
    expect(view.picture()).toMatchObject({ storeState: "ok", storeReason: null });
    gate.reason = "no space left";

    await machineClock.advance(20_000); // reads well meanwhile

    expect(view.picture()).toMatchObject({ storeState: "offline", storeReason: "no space left" });
    gate.reason = null;
    expect(view.picture()).toMatchObject({ storeState: "ok", storeReason: null });
  });

  test("leaves no timer and no subscription behind", async () => {
    const { events, machineClock, view } = await setUp();
    view.stop();
    expect(events.listeners).toBe(0);
    expect(machineClock.pending).toBe(0);
  });
});
