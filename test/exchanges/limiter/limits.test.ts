import { describe, expect, test } from "vitest";
import { CCXT_EXCHANGES, venueOf } from "../../../src/exchanges/ccxt/venues.ts";
import { completeSettings, limitsFor } from "../../../src/exchanges/limiter/limits.ts";

describe("the budget of an exchange whose candles another process asks for", () => {
  test.each(CCXT_EXCHANGES)("is kept to by both together on %s", (exchange) => {
    const { limits, weights } = venueOf(exchange);
    const parts = [limitsFor("candles", limits), limitsFor("rest", limits)];

    const budget = parts.reduce((sum, part) => sum + part.budget, 0);
    const spacing = limits.spacingMs ?? 0;
    const startsPerMs = parts.reduce((sum, part) => sum + 1 / (part.spacingMs ?? 0), 0);

    expect(budget).toBeCloseTo(limits.budget);
    expect(parts.every(({ windowMs }) => windowMs === limits.windowMs)).toBe(true);
    expect(startsPerMs).toBeCloseTo(1 / spacing);
    // The dearest call fits into the smaller part.
    expect(parts[1]?.budget).toBeGreaterThan(Math.max(weights.instruments, weights.quotes));
  });

  test("is whole where nobody else asks, and holds nothing back where only candles are asked for", () => {
    const { limits } = venueOf("kraken");

    expect(limitsFor("all", limits)).toBe(limits);
    expect(completeSettings(limitsFor("candles", limits)).reserveShare).toBe(0);
    expect(completeSettings(limitsFor("rest", limits)).reserveShare).toBeGreaterThan(0);
  });
});
