import fc from "fast-check";
import { Histogram as LibraryHistogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { expositionOf } from "../../src/metrics/exposition.ts";
import { Maker } from "../../src/metrics/make.ts";

const BOUNDS = [0, 0.005, 1, 30];

test("a histogram is written as the library's would be, whatever it is told", async () => {
  const label = fc.oneof(fc.constantFrom("a", "b"), fc.string());
  const value = fc.oneof(fc.constantFrom(...BOUNDS), fc.double({ min: 0, max: 100, noNaN: true }));
  const observation = fc.record({ exchange: label, timeframe: label, value });
  await fc.assert(
    fc.asyncProperty(fc.array(observation), async (observations) => {
      const make = new Maker();
      const labelNames = ["exchange", "timeframe"] as const;
      const ours = make.histogram("wait_seconds", "Time \\ waited", labelNames, BOUNDS);
      const registry = new Registry();
      const [name, help, buckets] = ["wait_seconds", "Time \\ waited", BOUNDS];
      const registers = [registry];
      const theirs = new LibraryHistogram({ name, help, labelNames, buckets, registers });
      for (const { value: told, ...labels } of observations) {
        ours.observe(labels, told);
        theirs.observe(labels, told);
      }

      expect(sorted(await expositionOf(make.made))).toEqual(sorted(await registry.metrics()));
    }),
  );
});

test("a series begins at zero once, and keeps what it counted", async () => {
  const make = new Maker();
  const histogram = make.histogram("wait_seconds", "Time waited", ["exchange"], BOUNDS);
  histogram.zero({ exchange: "kraken" });
  histogram.observe({ exchange: "kraken" }, 31);
  histogram.zero({ exchange: "kraken" });

  const text = await expositionOf(make.made);
  expect(text).toContain('wait_seconds_bucket{le="30",exchange="kraken"} 0\n');
  expect(text).toContain('wait_seconds_bucket{le="+Inf",exchange="kraken"} 1\n');
});

test("labels and figures are written so that Prometheus reads them", async () => {
  const make = new Maker();
  make.gauge("age_seconds", "Two\nlines", ["path"]).set({ path: 'a\\b"c\nd' }, Infinity);

  expect(await expositionOf(make.made)).toBe(
    '# HELP age_seconds Two\\nlines\n# TYPE age_seconds gauge\nage_seconds{path="a\\\\b\\"c\\nd"} +Inf\n\n',
  );
});

/** The library orders its series by itself. */
function sorted(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .toSorted();
}
