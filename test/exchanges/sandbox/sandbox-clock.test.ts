import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anchorClock,
  type MarketIdentity,
  parseSavedClock,
  resumeClock,
} from "../../../src/exchanges/sandbox/index.ts";

const NOW = Date.UTC(2026, 10, 22);
const HOUR = 3_600_000;
const market: MarketIdentity = { seed: "oracle", replay: null };
const recorded = (files: string, shiftMs = 0): MarketIdentity => ({
  seed: "oracle",
  replay: { files, askedAtMs: null, atMs: 5, shiftMs },
});
const fresh = { nowMs: NOW, speed: 60, startMs: NOW + 7, market };

describe("the sandbox's clock at a start", () => {
  test("starts where the market says when nothing is saved", () => {
    expect(resumeClock(undefined, fresh)).toEqual({
      kind: "fresh",
      startMs: NOW + 7,
      speed: 60,
      state: {
        version: 1,
        anchorWallMs: NOW,
        anchorSimMs: NOW + 7,
        speed: 60,
        seed: "oracle",
        replay: null,
      },
    });
  });

  test("goes on where simulated time would be now, the pause included", () => {
    const saved = anchorClock({ wallMs: NOW, simMs: NOW, speed: 60, market });

    const resumed = resumeClock(saved, { ...fresh, nowMs: NOW + HOUR });

    expect(resumed).toMatchObject({ kind: "resumed", startMs: NOW + 60 * HOUR, speed: 60 });
  });

  test("takes another speed from now on, and none of the time before", () => {
    const saved = anchorClock({ wallMs: NOW, simMs: NOW, speed: 60, market });

    const slower = resumeClock(saved, { ...fresh, nowMs: NOW + HOUR, speed: 1 });
    if (slower.kind === "mismatch") throw new Error(slower.message);
    const later = resumeClock(slower.state, { ...fresh, nowMs: NOW + 2 * HOUR, speed: 1 });

    expect(slower.startMs).toBe(NOW + 60 * HOUR);
    expect(later).toMatchObject({ startMs: NOW + 61 * HOUR });
  });

  test("never goes back, for any speeds and any steps of the machine's clock", () => {
    const steps = fc.array(
      fc.tuple(
        fc.integer({ min: -5 * HOUR, max: 5 * HOUR }),
        fc.double({ min: 0.01, max: 3_600, noNaN: true }),
      ),
    );
    fc.assert(
      fc.property(steps, (starts) => {
        let saved = anchorClock({ wallMs: NOW, simMs: NOW, speed: 1, market });
        let wallMs = NOW;
        for (const [step, speed] of starts) {
          wallMs += step;
          const next = resumeClock(saved, { nowMs: wallMs, speed, startMs: 0, market });
          if (next.kind === "mismatch") throw new Error(next.message);
          expect(next.startMs).toBeGreaterThanOrEqual(saved.anchorSimMs);
          saved = next.state;
        }
      }),
    );
  });

  test.each([
    ["another seed", { ...market, seed: "delphi" }, /seed "oracle".*seed "delphi"/],
    ["a recording", recorded("A.csv"), /synthetic market of seed "oracle".*recording A\.csv/],
  ])("tells of %s in place of the saved market", (_what, other, message) => {
    const saved = anchorClock({ wallMs: NOW, simMs: NOW, speed: 1, market });

    const answer = resumeClock(saved, { ...fresh, market: other });

    expect(answer).toEqual({
      kind: "mismatch",
      message: expect.stringMatching(message) as string,
    });
  });

  test("tells of another recording and of another place on the calendar", () => {
    const saved = anchorClock({ wallMs: NOW, simMs: NOW, speed: 1, market: recorded("A.csv") });

    const same = resumeClock(saved, { ...fresh, market: recorded("A.csv") });
    const others = [recorded("B.csv"), recorded("A.csv", 604_800_000)].map((asked) =>
      resumeClock(saved, { ...fresh, market: asked }),
    );

    expect(same.kind).toBe("resumed");
    expect(others.map(({ kind }) => kind)).toEqual(["mismatch", "mismatch"]);
  });

  test("survives JSON, and refuses what is not a saved clock", () => {
    const saved = anchorClock({ wallMs: NOW, simMs: NOW, speed: 2.5, market: recorded("A.csv") });

    expect(parseSavedClock(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
    expect(() => parseSavedClock({ ...saved, speed: 0 })).toThrow(/speed/);
    expect(() => parseSavedClock("?")).toThrow(/unreadable/);
  });
});
