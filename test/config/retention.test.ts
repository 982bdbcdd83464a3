import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sortVariables } from "../../src/config/env.ts";
import { loadSettings } from "../../src/config/load.ts";
import { StartRefusal } from "../../src/config/refusal.ts";
import { checkRetention, retentionSchema } from "../../src/config/retention.ts";
import { TIMEFRAMES, timeframeMs } from "../../src/market/timeframe.ts";

const DAY = 86_400_000;

describe("retention", () => {
  test("fills what is not said with the defaults, also inside of a group", () => {
    const { settings } = loadSettings(
      sortVariables({ HUB_RETENTION: '{"candles":{"1m":7},"events":null}' }),
    );

    const defaults = retentionSchema.parse({});
    expect(settings.retention).toEqual({
      ...defaults,
      candles: { ...defaults.candles, "1m": 7 },
      events: null,
    });
  });

  test.each([
    ['{"candles":{"2m":7}}', /at candles: .*2m/],
    ['{"candles":{"1m":0}}', /at candles\.1m: /],
    ['{"candles":{"1m":1.5}}', /at candles\.1m: /],
    ['{"events":"30"}', /at events: /],
    ['{"verdicts":1}', /at verdicts: /],
    ['{"queue":1}', /at queue: /],
    ['{"orders":30}', /orders/],
  ])("refuses %s in one line", (text, line) => {
    const load = () => loadSettings(sortVariables({ HUB_RETENTION: text }));

    expect(load).toThrow(StartRefusal);
    expect(load).toThrow(line);
    expect(load).toThrow(/^setting HUB_RETENTION[^\n]*$/);
  });

  test("keeps by default what analysts load, as far as their history may be set", () => {
    expect(() => checkRetention(retentionSchema.parse({}), () => 5_000)).not.toThrow();
  });

  test("refuses less than twice the history of an analyst, and says what would do", () => {
    const kept = (days: number) => retentionSchema.parse({ candles: { "1h": days } });
    const check = (days: number) => checkRetention(kept(days), () => 500);

    expect(() => check(42)).not.toThrow();
    expect(() => check(41)).toThrow(
      "setting retention.candles.1h: 41 is too few, since analysts load 500 candles: at least 42 days, or null for ever",
    );
  });

  test("lets pass what keeps twice the history, in any timeframe, and nothing less", () => {
    const timeframes = fc.constantFrom(...TIMEFRAMES);
    const days = fc.integer({ min: 1, max: 36_500 });
    const counts = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(timeframes, days, counts, (timeframe, kept, count) => {
        const retention = retentionSchema.parse({ candles: { [timeframe]: kept } });
        const check = () => checkRetention(retention, (one) => (one === timeframe ? count : 1));

        const isEnough = kept >= 2 && kept * DAY >= 2 * count * timeframeMs(timeframe);
        expect(passes(check)).toBe(isEnough);
      }),
    );
  });
});

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof StartRefusal) return false;
    throw error;
  }
}
