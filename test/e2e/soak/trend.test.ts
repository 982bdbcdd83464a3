import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isGrowing, trendOf } from "../kit/soak/trend.ts";

const SAMPLES = 240;
const ALLOWANCE = 16;

/** A heap: full every so many samples, then collected down to what is in use. */
function sawTooth(everySamples: number, perSample: number, inUse: (n: number) => number): number[] {
  return Array.from({ length: SAMPLES }, (_, n) => inUse(n) + (n % everySamples) * perSample);
}

describe("the trend of a run", () => {
  test("does not take a saw-tooth for a leak, however its teeth lie to the windows", () => {
    const teeth = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(teeth, ([everySamples, perSample]) => {
        const trend = trendOf(sawTooth(everySamples, perSample, () => 200));
        expect(isGrowing(trend, ALLOWANCE)).toBe(false);
      }),
    );
  });

  test("finds what leaks slowly below a saw-tooth ten times as high", () => {
    const trend = trendOf(sawTooth(7, 60, (n) => 200 + n * 0.2));

    expect(trend.growth).toBeGreaterThan(25);
    expect(trend.growth).toBeLessThan(35);
    expect(isGrowing(trend, ALLOWANCE)).toBe(true);
  });

  test("forgives what grows while the run begins", () => {
    const trend = trendOf(sawTooth(5, 3, (n) => Math.min(n, 80) * 4));

    expect(isGrowing(trend, ALLOWANCE)).toBe(false);
  });

  test("is not moved by a few looks that came at a bad moment", () => {
    const samples = sawTooth(4, 2, () => 100).map((x, n) => (n % 60 === 59 ? x * 30 : x));

    expect(trendOf(samples)).toEqual(trendOf(sawTooth(4, 2, () => 100)));
  });

  test("finds connections of which one in ten polls is never closed", () => {
    const trend = trendOf(sawTooth(3, 4, (n) => 40 + Math.floor(n / 10)));

    expect(isGrowing(trend, 8 + 0.05 * trend.level)).toBe(true);
  });

  test("is told by enough samples, or not at all", () => {
    expect(() => trendOf([1, 2, 3])).toThrow(/3 samples tell no trend/);
  });
});
