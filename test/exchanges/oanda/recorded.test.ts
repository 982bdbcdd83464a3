import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseCandles } from "../../../src/exchanges/oanda/parse/candles.ts";
import { parseInstruments } from "../../../src/exchanges/oanda/parse/instruments.ts";
import { parseOrderBook, parseQuotes } from "../../../src/exchanges/oanda/parse/prices.ts";
import { isInTradingWeek } from "../../../src/exchanges/oanda/trading-week.ts";

/** What OANDA once answered, and its candles; they lie beside the project on some machines. */
const RECORDINGS = resolve(import.meta.dirname, "../../../../shared/marketdata");
const hasRecordings = existsSync(RECORDINGS);
if (!hasRecordings) {
  process.stdout.write(`skipping tests of OANDA's recorded answers: ${RECORDINGS} is not there\n`);
}

const HOUR = 3_600_000;
type Body = Readonly<Record<string, unknown>>;

function answer(file: string, endpoint: string): Body {
  const text = readFileSync(resolve(RECORDINGS, `raw_fixtures/oanda/hootnot_${file}.json`), "utf8");
  const recorded = JSON.parse(text) as Readonly<Record<string, { readonly response: Body }>>;
  const response = recorded[endpoint]?.response;
  if (response === undefined) throw new Error(`no recording of ${endpoint}`);
  return response;
}

/** Open times of recorded candles, UTC ms. */
function openTimes(file: string): number[] {
  const text = gunzipSync(readFileSync(resolve(RECORDINGS, "oanda_fx", file))).toString("utf8");
  const lines = text.trim().split("\n").slice(1);
  return lines.map((line) => Number(line.slice(0, line.indexOf(","))));
}

describe.skipIf(!hasRecordings)("what OANDA once answered", () => {
  test("is read as candles", () => {
    const body = answer("instruments", "_v3_instruments_instrument_candles");
    const { candles, rejected } = parseCandles(body, "5m", Date.UTC(2016, 9, 17, 20));

    expect(rejected).toEqual([]);
    expect(candles).toHaveLength(5);
    expect(candles[0]).toEqual({
      openTime: Date.UTC(2016, 9, 17, 19, 35),
      open: 10503.8,
      high: 10508,
      low: 10503.8,
      close: 10506,
      volume: 132,
    });
  });

  test("is read as instruments", () => {
    const listed = parseInstruments(answer("accounts", "_v3_account_by_accountID_instruments"));
    const found = listed.find(({ instrument }) => instrument.pair === "EUR/USD");

    expect(listed.length).toBeGreaterThanOrEqual(6);
    expect(found).toMatchObject({
      type: "CURRENCY",
      instrument: { priceTick: "0.00001", quantityStep: "1", maxQuantity: "100000000" },
    });
  });

  test("is read as quotes and book", () => {
    const body = answer("pricing", "_v3_accounts_accountID_pricing");

    expect(parseQuotes(body, ["EUR/JPY", "EUR/USD", "GBP/USD"], 7)).toEqual([
      { pair: "EUR/JPY", bid: "115.329", ask: "115.346", at: 7 },
      { pair: "EUR/USD", bid: "1.12157", ask: "1.1217", at: 7 },
    ]);
    expect(parseOrderBook(body, "EUR/JPY", 7).asks.map(({ quantity }) => quantity)).toEqual([
      "1000000",
      "2000000",
      "5000000",
      "10000000",
    ]);
  });
});

describe.skipIf(!hasRecordings)("four recorded years of EUR/USD", () => {
  const times = hasRecordings ? openTimes("EUR_USD-H1-BA-20150101-20181231.csv.gz") : [];

  test("have no candle outside of the trading week", () => {
    expect(times.length).toBeGreaterThan(24_000);
    expect(times.filter((openTime) => !isInTradingWeek(openTime, openTime + HOUR))).toEqual([]);
  });

  test("lack by the trading week's word holidays and outages only, not weekends", () => {
    const have = new Set(times);
    const last = times.at(-1) ?? 0;
    let missing = 0;
    let expected = 0;
    for (let at = times[0] ?? 0; at <= last; at += HOUR) {
      if (have.has(at)) continue;
      missing += 1;
      if (isInTradingWeek(at, at + HOUR)) expected += 1;
    }

    // 208 weekends of 48 hours make up nearly all of the 10,407 hours without a candle.
    expect(missing).toBe(10_407);
    expect(expected).toBeLessThan(600);
    expect(expected).toBeGreaterThan(151);
  });
});
