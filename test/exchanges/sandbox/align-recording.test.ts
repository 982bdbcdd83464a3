import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignRecording } from "../../../src/exchanges/sandbox/recorded/align-recording.ts";
import { openTimeAt, TIMEFRAMES, timeframeMs } from "../../../src/market/timeframe.ts";

const HOUR = timeframeMs("1h");
const DAY = timeframeMs("1d");
const WEEK = timeframeMs("1w");

const starts = fc.integer({ min: Date.UTC(2017, 0, 1), max: Date.UTC(2024, 0, 1) });
const lengths = fc.integer({ min: HOUR, max: 400 * DAY });
const nows = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2040, 0, 1) });

describe("a recording laid on the present", () => {
  test("is shifted by whole weeks, so that every candle stays on its grid", () => {
    fc.assert(
      fc.property(starts, lengths, nows, fc.boolean(), (startMs, length, nowMs, asked) => {
        const at = asked ? startMs + Math.floor(length / 3) : undefined;
        const { shiftMs } = alignRecording({ startMs, endMs: startMs + length, nowMs, at });
        expect(Math.abs(shiftMs % WEEK)).toBe(0);
        for (const timeframe of TIMEFRAMES) {
          expect(openTimeAt(timeframe, startMs + shiftMs)).toBe(
            openTimeAt(timeframe, startMs) + shiftMs,
          );
        }
      }),
    );
  });

  test("plays the asked instant when the clock starts, half a week off now at most", () => {
    fc.assert(
      fc.property(starts, lengths, nows, (startMs, length, nowMs) => {
        const at = startMs + Math.floor(length / 2);
        const aligned = alignRecording({ startMs, endMs: startMs + length, nowMs, at });
        expect(aligned.clockStartMs - aligned.shiftMs).toBe(at);
        expect(Math.abs(aligned.clockStartMs - nowMs)).toBeLessThanOrEqual(WEEK / 2);
      }),
    );
  });

  test("keeps the clock on now and takes the longest future where it has past enough", () => {
    const minPastMs = 500 * HOUR;
    // A whole week of room between past and future: some week always fits.
    const long = fc.integer({ min: minPastMs + WEEK + DAY, max: 400 * DAY });
    fc.assert(
      fc.property(starts, long, nows, (startMs, length, nowMs) => {
        const endMs = startMs + length;
        const aligned = alignRecording({ startMs, endMs, nowMs });
        const playing = nowMs - aligned.shiftMs;
        expect(aligned.clockStartMs).toBe(nowMs);
        expect(playing - startMs).toBeGreaterThanOrEqual(minPastMs);
        expect(endMs - playing).toBeGreaterThanOrEqual(DAY);
        // A week earlier there would not be past enough.
        expect(playing - WEEK - startMs).toBeLessThan(minPastMs);
      }),
    );
  });

  test("starts inside the recording however short it is", () => {
    fc.assert(
      fc.property(
        starts,
        fc.integer({ min: HOUR, max: 40 * DAY }),
        nows,
        (startMs, length, nowMs) => {
          const { clockStartMs, shiftMs } = alignRecording({
            startMs,
            endMs: startMs + length,
            nowMs,
          });
          expect(clockStartMs - shiftMs).toBeGreaterThanOrEqual(startMs);
          expect(clockStartMs - shiftMs).toBeLessThan(startMs + length);
          expect(Math.abs(clockStartMs - nowMs)).toBeLessThanOrEqual(WEEK / 2);
        },
      ),
    );
  });
});
