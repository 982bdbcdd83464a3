import { describe, expect, test } from "vitest";
import { analystSpec } from "../../../src/actors/analyst/analyst.ts";
import { NOON, series } from "../../kit/builders.ts";
import { candleAt } from "../../kit/fake-market.ts";
import { settle } from "../../kit/manual-clock.ts";
import { at, setUp, WINDOW } from "./world.ts";

const CHANGED = { reason: "a gap changed" };

describe("an analyst", () => {
  test("loads its history when it starts and raises nothing from it", async () => {
    const { analyst, architect, raised, thought } = setUp([-5, -4, -3, -2, -1]);

    await analyst.start();

    expect(architect.of("history")).toEqual([
      { series: series(), seriesId: 4, limit: WINDOW, takesOwed: true },
    ]);
    expect([thought, raised()]).toEqual([[-5, -4, -3, -2, -1], []]);
    expect(analyst.arm()).toEqual({ candles: 5, warm: true });
  });

  test("is not warm while the venue has less than its window", async () => {
    const { analyst } = setUp([-2, -1]);

    await analyst.start();

    expect(analyst.arm()).toEqual({ candles: 2, warm: false });
  });

  test("thinks about each new candle once, and says when it is done", async () => {
    const { analyst, wake, gatekeeper, raised, done, events, architect } = setUp([-3, -2, -1]);
    await analyst.start();

    await wake(0);
    await wake(1);

    expect([raised(), done()]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(gatekeeper.of("review")[0]).toMatchObject({
      answeredAt: 50,
      signal: {
        series: series(),
        openTime: at(0),
        closeTime: at(1),
        side: "buy",
        price: "100",
        strategy: "eager",
        strategyVersion: "3",
        stopLoss: "99",
        missingInWindow: 0,
        raisedAt: NOON + 6_000,
        evidence: { close: 100 },
      },
    });
    expect(events).toHaveLength(2);
    expect(architect.of("history")).toHaveLength(1);
  });

  test("ignores a candle it has seen", async () => {
    const { analyst, wake, raised, done } = setUp([-3, -2, -1]);
    await analyst.start();

    await wake(0);
    await wake(0);
    await wake(-1);

    expect([raised(), done()]).toEqual([[0], [0]]);
  });

  test("starts afresh from the store when candles came in between, and thinks about the new one", async () => {
    const { analyst, store, wake, thought, raised, architect } = setUp([-4, -3, -2]);
    await analyst.start();
    store.history = { ...store.history, candles: [-4, -3, -2, -1].map((n) => candleAt(at(n))) };
    thought.length = 0;

    await wake(0);

    expect([thought, raised()]).toEqual([[-4, -3, -2, -1, 0], [0]]);
    // The candle is in its hands: what is owed stays owed for the case that it fails on it.
    expect(architect.of("history").at(-1)).toMatchObject({ takesOwed: false });
  });

  test("thinks about a candle across one the venue never had", async () => {
    const { analyst, wake, raised } = setUp([-4, -3, -2]);
    await analyst.start();

    await wake(0);

    expect(raised()).toEqual([0]);
  });

  test("thinks on the window as it is now when older candles changed together with the new one", async () => {
    const { analyst, put, wake, gatekeeper, signals, raised } = setUp([-3, -2, -1]);
    await analyst.start();
    gatekeeper.answers.review = () => new Promise(() => {});

    put(-1, 105);
    await wake(0, true);
    put(0, 107);
    await wake(1, true);

    expect(signals().map(({ evidence }) => evidence["closeBefore"])).toEqual([105, 107]);
    expect(raised()).toEqual([0, 1]);
  });

  test("loses no candle when its history changes just before it is woken by it, a verdict pending", async () => {
    const { analyst, put, wake, gatekeeper, raised } = setUp([-3, -2, -1]);
    await analyst.start();
    gatekeeper.answers.review = () => new Promise(() => {});
    await wake(0);

    put(1);
    await analyst.reload([CHANGED]);
    await wake(1);

    expect(raised()).toEqual([0, 1]);
  });

  test("thinks once about the candle it still owes when it starts, and not again when woken by it", async () => {
    const owed = { openTime: at(0), answeredAt: 33 };
    const { analyst, wake, gatekeeper, raised, done } = setUp([-3, -2, -1, 0], { owed });

    await analyst.start();
    await wake(0);

    expect([raised(), done()]).toEqual([[0], [0]]);
    expect(gatekeeper.of("review")).toMatchObject([{ answeredAt: 33 }]);
  });

  test("is done with a candle only once each of its signals has its verdict", async () => {
    const { analyst, wake, gatekeeper, done, architect } = setUp([-3, -2, -1]);
    await analyst.start();
    let answer = (): void => {};
    gatekeeper.answers.review = () => new Promise((resolve) => (answer = () => resolve(undefined)));

    await wake(0);
    expect(done()).toEqual([]);
    await analyst.reload([CHANGED]);
    expect(architect.of("history").at(-1)).toMatchObject({ takesOwed: false });
    answer();
    await settle();

    expect(done()).toEqual([0]);
    await analyst.reload([CHANGED]);
    expect(architect.of("history").at(-1)).toMatchObject({ takesOwed: true });
  });

  test("is not done with a candle whose signal could not be judged, and goes on", async () => {
    const { analyst, wake, gatekeeper, done, raised } = setUp([-3, -2, -1]);
    await analyst.start();
    delete gatekeeper.answers.review;
    await wake(0);
    gatekeeper.answers.review = () => undefined;

    await wake(1);

    expect([raised(), done()]).toEqual([[0, 1], [1]]);
  });

  test("leaves what it owes alone when that is not in its window any more", async () => {
    const owed = { openTime: at(-40), answeredAt: 33 };
    const { analyst, raised } = setUp([-3, -2, -1], { owed });

    await analyst.start();

    expect([raised(), analyst.arm().candles]).toEqual([[], 3]);
  });

  test("raises nothing by looking at a changed history, and goes on from there", async () => {
    const { analyst, wake, raised } = setUp([-3, -2, -1]);
    await analyst.start();
    await wake(0);

    await analyst.reload([CHANGED]);
    await wake(1);

    expect(raised()).toEqual([0, 1]);
  });

  test("counts the candles of its window that may still come, as far as they lie in it", async () => {
    const missing = [at(-9), at(-4), at(-2), at(7)];
    const { analyst, wake, signals } = setUp([-5, -3, -1], { missing });
    await analyst.start();

    for (const n of [0, 1, 2, 3, 4]) await wake(n);

    expect(signals().map((signal) => signal.missingInWindow)).toEqual([2, 2, 1, 1, 0]);
  });

  test("gives the same signal the same id, and another candle, strategy or series another one", async () => {
    const first = setUp([-3, -2, -1]);
    const second = setUp([-9, -3, -2, -1]);
    for (const { analyst, wake } of [first, second]) {
      await analyst.start();
      await wake(0);
      await wake(1);
    }

    const [a, b] = first.signals();
    expect(second.signals().map((signal) => signal.id)).toEqual([a?.id, b?.id]);
    expect(a?.id).not.toBe(b?.id);
  });

  test("fails on a strategy that throws, telling nobody that it is done", async () => {
    const { analyst, wake, raised, done } = setUp([-3, -2, -1], {}, 0);
    await analyst.start();

    await expect(wake(0)).rejects.toMatchObject({ code: "strategy-threw" });

    expect([raised(), done()]).toEqual([[], []]);
  });

  test("is named after its series", () => {
    expect(analystSpec(setUp([]).deps).id).toBe("analyst:binance:BTC/USDT:1h");
  });
});
