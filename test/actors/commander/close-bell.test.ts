import { describe, expect, test } from "vitest";
import { CloseBell } from "../../../src/actors/commander/close-bell.ts";
import { NOON } from "../../kit/builders.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const MINUTE = 60_000;

function setUp(startMs = NOON) {
  const clock = new ManualClock(startMs);
  const rung: string[] = [];
  const bell = new CloseBell(clock, 5_000, ({ timeframe, closeTime }) => {
    rung.push(`${timeframe} ${(closeTime - NOON) / MINUTE} at ${(clock.nowMs() - NOON) / 1_000}`);
  });
  return { clock, rung, bell };
}

describe("a bell of closes", () => {
  test("rings at each close of each timeframe in use, a delay after it", async () => {
    const { clock, rung, bell } = setUp();
    bell.join("1m");
    bell.join("5m");

    await clock.advance(5 * MINUTE + 5_000);

    expect(rung).toEqual([
      "1m 0 at 5",
      "5m 0 at 5",
      "1m 1 at 65",
      "1m 2 at 125",
      "1m 3 at 185",
      "1m 4 at 245",
      "1m 5 at 305",
      "5m 5 at 305",
    ]);
  });

  test("rings by the exchange's clock, and at once when a new measurement says that it is time", async () => {
    const { clock, rung, bell } = setUp(NOON + 10_000);
    bell.join("1m");
    bell.setOffset(-7_000);
    await clock.advance(61_000);
    expect(rung).toEqual([]);

    await clock.advance(1_000);
    bell.setOffset(0);
    await clock.advance(45_000);
    bell.setOffset(15_000);

    expect(rung).toEqual(["1m 1 at 72", "1m 2 at 117"]);
  });

  test("never rings twice for a close when the offset steps back over it", async () => {
    const { clock, rung, bell } = setUp();
    bell.join("1m");
    await clock.advance(5_000);

    bell.setOffset(-30_000);
    await clock.advance(90_000);

    expect(rung).toEqual(["1m 0 at 5", "1m 1 at 95"]);
  });

  test("rings once for the newest of several closes that a step forward passes over", async () => {
    const { clock, rung, bell } = setUp(NOON + 10_000);
    bell.join("1m");

    bell.setOffset(10 * MINUTE);
    await clock.advance(0);

    expect(rung).toEqual(["1m 10 at 10"]);
  });

  test("goes on until the last series of a timeframe has left", async () => {
    const { clock, rung, bell } = setUp();
    bell.join("1m");
    bell.join("1m");
    bell.leave("1m");
    await clock.advance(5_000);
    bell.leave("1m");
    await clock.advance(5 * MINUTE);

    expect(rung).toEqual(["1m 0 at 5"]);
    expect(clock.pending).toBe(0);
  });

  test("leaves nothing behind when it is stopped", async () => {
    const { clock, rung, bell } = setUp();
    bell.join("1m");

    bell.stop();
    await clock.advance(5 * MINUTE);

    expect([rung, clock.pending]).toEqual([[], 0]);
  });
});
