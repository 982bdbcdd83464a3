import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lotFault, roundPriceToTick, roundQuantityDown } from "../../src/market/instrument.ts";
import {
  assetsOf,
  isExchangeId,
  isPair,
  normalisePair,
  parseSeriesKey,
  seriesKey,
} from "../../src/market/series.ts";
import { TIMEFRAMES } from "../../src/market/timeframe.ts";
import { instrument } from "../kit/builders.ts";

const asset = fc.stringMatching(/^[A-Z0-9]{1,20}$/);
const anySeries = fc.record({
  exchange: fc.stringMatching(/^[a-z][a-z0-9]{1,31}$/),
  pair: fc.tuple(asset, asset).map(([base, quote]) => `${base}/${quote}`),
  timeframe: fc.constantFrom(...TIMEFRAMES),
});

describe("a pair as people write it", () => {
  test.each([
    ["EUR_USD", "EUR/USD"],
    ["eurusd", "EUR/USD"],
    [" EUR-USD ", "EUR/USD"],
    ["XAUUSD", "XAU/USD"],
    ["btc-usdt", "BTC/USDT"],
  ])("%j is %s", (written, pair) => {
    expect(normalisePair(written)).toBe(pair);
  });

  test.each(["BTCUSDT", "OPUSDT", "EURUS", "EURUSDT", "USDUSD_", "EUR"])(
    "%j may be more than one, and is none",
    (written) => {
      expect(isPair(normalisePair(written)) && written !== "USDUSD_").toBe(false);
    },
  );
});

describe("a series key", () => {
  test("can be read back, whatever the series", () => {
    fc.assert(
      fc.property(anySeries, (series) => {
        expect(parseSeriesKey(seriesKey(series))).toEqual(series);
        expect([isExchangeId(series.exchange), isPair(series.pair)]).toEqual([true, true]);
      }),
    );
  });

  test("is read from nothing else", () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const series = parseSeriesKey(key);
        return series === undefined || seriesKey(series) === key;
      }),
    );
    const wrong = [
      "",
      "binance:BTC/USDT",
      "binance:BTC/USDT:1h:x",
      "Binance:BTC/USDT:1h",
      "binance:btc/usdt:1h",
      "binance:BTCUSDT:1h",
      "binance:BTC/USDT:2h",
      "binance:BTC/USDT:H1",
    ];
    expect(wrong.map(parseSeriesKey)).toEqual(wrong.map(() => undefined));
  });

  test.each(["btc-usdt", "BTC_USDT", " BTC/USDT ", "btc/usdt"])("takes %j as one pair", (pair) => {
    expect(normalisePair(pair)).toBe("BTC/USDT");
    expect(assetsOf(normalisePair(pair))).toEqual({ base: "BTC", quote: "USDT" });
  });
});

describe("an instrument", () => {
  const rules = instrument({ quantityStep: "0.001", minQuantity: "0.01", maxQuantity: "5" });

  test.each([
    ["0.009", "30000", "below-min-quantity"],
    ["5.001", "30000", "above-max-quantity"],
    ["0.0105", "30000", "off-step"],
    ["0.01", "499", "below-min-notional"],
    ["0.01", "500", undefined],
    ["5", "30000", undefined],
  ])("finds in %s at %s: %s", (quantity, price, fault) => {
    expect(lotFault(rules, quantity, price)).toBe(fault);
  });

  test("rounds quantities down to the step and prices to the nearest tick", () => {
    expect(String(roundQuantityDown(rules, "1.2349999"))).toBe("1.234 BTC");
    expect(String(roundPriceToTick(rules, "30000.005"))).toBe("30000.01 USDT/BTC");
    expect(String(roundPriceToTick(rules, "30000.0049"))).toBe("30000 USDT/BTC");
  });
});
