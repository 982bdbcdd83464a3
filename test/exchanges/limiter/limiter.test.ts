import { describe, expect, test } from "vitest";
import { createLimiter, type Limiter } from "../../../src/exchanges/limiter/limiter.ts";
import type { LimiterSettings } from "../../../src/exchanges/limiter/limits.ts";
import { PRIORITY, type Priority } from "../../../src/exchanges/port.ts";
import { ManualClock, settle } from "../../kit/manual-clock.ts";

const MINUTE: LimiterSettings = { budget: 100, windowMs: 60_000 };

function setUp(settings: LimiterSettings = MINUTE, clock = new ManualClock()) {
  const limiter = createLimiter({ exchange: "binance", clock, random: () => 0.5 }, settings);
  const started: string[] = [];
  const call = async (name: string, weight: number, priority: Priority, signal?: AbortSignal) => {
    await limiter.run({ weight, priority, signal }, async () => {
      started.push(name);
    });
  };
  return { limiter, clock, started, call };
}

/** A call that stays under way until it is told to end. */
function openCall(limiter: Limiter, weight: number, priority: Priority = PRIORITY.order) {
  const end: { now: () => void } = { now: () => undefined };
  const done = limiter.run(
    { weight, priority },
    () =>
      new Promise<void>((resolve) => {
        end.now = resolve;
      }),
  );
  return { done, end: () => end.now() };
}

describe("a limiter", () => {
  test("lets calls go at once while there is budget", async () => {
    const { call, started, limiter } = setUp();
    await Promise.all([call("a", 30, PRIORITY.candle), call("b", 20, PRIORITY.candle)]);
    expect(started).toEqual(["a", "b"]);
    expect(limiter.budgetLeft()).toBeCloseTo(0.5);
  });

  test("keeps its reserve for orders and quotes", async () => {
    const { call, started, clock } = setUp();
    await call("candles", 80, PRIORITY.candle);
    const late = call("candle", 1, PRIORITY.candle);
    await call("order", 15, PRIORITY.order);
    await call("quote", 5, PRIORITY.quote);
    expect(started).toEqual(["candles", "order", "quote"]);
    await clock.advance(60_000);
    await late;
    expect(started).toEqual(["candles", "order", "quote", "candle"]);
  });

  test("counts a call until a whole window after its answer", async () => {
    const { limiter, clock, call, started } = setUp();
    const slow = openCall(limiter, 100);
    const next = call("next", 50, PRIORITY.order);
    await clock.advance(30_000);
    expect(started).toEqual([]);
    slow.end();
    await clock.advance(59_999);
    expect(started).toEqual([]);
    await clock.advance(1);
    await next;
    await slow.done;
  });

  test("takes over the venue's count when it is higher, and never a lower one", async () => {
    const { limiter, call, started, clock } = setUp();
    await call("a", 10, PRIORITY.candle);
    limiter.noteUsed(95);
    expect(limiter.budgetLeft()).toBeCloseTo(0.05);
    limiter.noteUsed(3);
    expect(limiter.budgetLeft()).toBeCloseTo(0.05);
    const waiting = call("b", 10, PRIORITY.order);
    expect(started).toEqual(["a"]);
    await clock.advance(60_000);
    await waiting;
  });

  test("runs no more calls at once than it is told, and then the most urgent", async () => {
    const { limiter, call, started } = setUp({ ...MINUTE, maxInFlight: 1 });
    const first = openCall(limiter, 1);
    const others = [call("candle", 1, PRIORITY.candle), call("order", 1, PRIORITY.order)];
    await settle();
    expect(started).toEqual([]);
    first.end();
    await Promise.all([first.done, ...others]);
    expect(started).toEqual(["order", "candle"]);
  });

  test("spaces the starts of a venue that counts calls a second", async () => {
    const { call, clock } = setUp({ budget: 50, windowMs: 60_000, spacingMs: 1_200 });
    const at: number[] = [];
    const calls = [1, 2, 3].map(async (i) => {
      await call(String(i), 1, PRIORITY.candle);
      at.push(clock.monotonicMs());
    });
    await clock.advance(5_000);
    await Promise.all(calls);
    expect(at).toEqual([0, 1_200, 2_400]);
  });

  test("passes on what the call answers or throws", async () => {
    const { limiter } = setUp();
    const terms = { weight: 1, priority: PRIORITY.candle };
    await expect(limiter.run(terms, async () => 42)).resolves.toBe(42);
    const failure = new Error("no");
    await expect(limiter.run(terms, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(limiter.budgetLeft()).toBeCloseTo(0.98);
  });

  test("lets a call heavier than its share go alone, and refuses one heavier than the budget", async () => {
    const { call, started } = setUp();
    await call("heavy", 90, PRIORITY.backfill);
    expect(started).toEqual(["heavy"]);
    await expect(call("absurd", 101, PRIORITY.order)).rejects.toMatchObject({ fault: "permanent" });
  });

  test("ends the wait of a call that is aborted, and lets the next one go", async () => {
    const { limiter, call, started, clock } = setUp({ ...MINUTE, budget: 10 });
    const slow = openCall(limiter, 5);
    const abort = new AbortController();
    const heavy = call("heavy", 10, PRIORITY.order, abort.signal);
    const light = call("light", 5, PRIORITY.order);
    await settle();
    expect(started).toEqual([]);
    abort.abort(new Error("enough"));
    await expect(heavy).rejects.toThrow("enough");
    await light;
    expect(started).toEqual(["light"]);
    slow.end();
    await slow.done;
    expect(clock.pending).toBe(0);
  });

  test("does not wait for a call under way whose caller has gone", async () => {
    const { limiter } = setUp();
    const abort = new AbortController();
    const terms = { weight: 1, priority: PRIORITY.quote, signal: abort.signal };
    const asking = limiter.run(terms, () => new Promise<void>(() => undefined));
    abort.abort(new Error("gone"));
    await expect(asking).rejects.toThrow("gone");
  });

  test("turns the least urgent away when too many wait", async () => {
    const { limiter, call } = setUp({ ...MINUTE, maxInFlight: 1, maxWaiting: 1 });
    const first = openCall(limiter, 1);
    const backfill = call("backfill", 1, PRIORITY.backfill);
    const order = call("order", 1, PRIORITY.order);
    await expect(backfill).rejects.toMatchObject({ fault: "transient" });
    first.end();
    await order;
    await first.done;
  });

  test("tells a call that waited too long that it will not go", async () => {
    const { limiter, call, clock } = setUp({ ...MINUTE, maxInFlight: 1, maxWaitMs: 1_000 });
    const first = openCall(limiter, 1);
    const waiting = call("late", 1, PRIORITY.candle).catch((thrown: unknown) => thrown);
    await clock.advance(1_000);
    expect(await waiting).toMatchObject({ fault: "transient" });
    first.end();
    await first.done;
  });

  test("lets nothing go while shut out, and tells until when", async () => {
    const { limiter, call, clock } = setUp({ ...MINUTE, maxInFlight: 1 });
    const first = openCall(limiter, 1);
    const waiting = call("waiting", 1, PRIORITY.order);
    limiter.ban(clock.nowMs() + 10_000);
    await expect(waiting).rejects.toMatchObject({ fault: "banned" });
    first.end();
    await first.done;
    // Half of the spread of one second and a tenth of the ban.
    const untilMs = clock.nowMs() + 11_000;
    await expect(call("a", 1, PRIORITY.order)).rejects.toMatchObject({ fault: "banned", untilMs });
    limiter.ban(clock.nowMs() + 1_000);
    await clock.advance(10_999);
    await expect(call("b", 1, PRIORITY.order)).rejects.toMatchObject({ fault: "banned" });
    await clock.advance(1);
    await call("c", 1, PRIORITY.order);
  });

  test("is not stalled by a wall clock that steps back", async () => {
    class SteppingClock extends ManualClock {
      stepMs = 0;
      override nowMs(): number {
        return super.nowMs() + this.stepMs;
      }
    }
    const clock = new SteppingClock();
    const { call, limiter, started } = setUp(MINUTE, clock);
    await call("full", 80, PRIORITY.candle);
    const next = call("next", 80, PRIORITY.candle);
    clock.stepMs = -3_600_000;
    await clock.advance(60_000);
    await next;
    limiter.ban(clock.nowMs() + 1_000);
    clock.stepMs -= 3_600_000;
    await clock.advance(2_000);
    await call("after", 1, PRIORITY.order);
    expect(started).toEqual(["full", "next", "after"]);
  });

  test("turns everybody away when it is closed", async () => {
    const { limiter, call, clock } = setUp({ ...MINUTE, budget: 1 });
    await call("a", 1, PRIORITY.order);
    const waiting = call("b", 1, PRIORITY.order);
    limiter.close();
    await expect(waiting).rejects.toMatchObject({ fault: "transient" });
    await expect(call("c", 1, PRIORITY.order)).rejects.toMatchObject({ fault: "transient" });
    expect(clock.pending).toBe(0);
  });
});
