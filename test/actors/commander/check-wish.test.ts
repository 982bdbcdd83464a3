import { describe, expect, test } from "vitest";
import { checkWish } from "../../../src/actors/commander/check-wish.ts";
import { TIMEFRAMES } from "../../../src/market/timeframe.ts";

const EXCHANGES = ["binance", "oanda"];
const wish = { exchange: "binance", pair: "BTC/USDT", timeframe: "1h" };

describe("a wish for a series", () => {
  test.each([
    [{}],
    [{ exchange: " Binance " }],
    [{ pair: "btc-usdt" }],
    [{ pair: "btc_usdt" }],
    [{ timeframe: "1H" }],
    [{ timeframe: "H1" }],
    [{ timeframe: "60m" }],
  ])("is read as a person writes it: %o", (over) => {
    expect(checkWish({ ...wish, ...over }, EXCHANGES)).toEqual(wish);
  });

  test.each([
    [{ exchange: "kraken" }, "exchange", EXCHANGES],
    [{ exchange: "" }, "exchange", EXCHANGES],
    [{ exchange: "../etc" }, "exchange", EXCHANGES],
    [{ pair: "BTCUSDT" }, "pair", ["BTC/USDT"]],
    [{ pair: "BTC/" }, "pair", ["BTC/USDT"]],
    [{ timeframe: "7m" }, "timeframe", TIMEFRAMES],
    [{ timeframe: "" }, "timeframe", TIMEFRAMES],
  ])("is refused with what would have been right: %o", (over, field, allowed) => {
    const answer = checkWish({ ...wish, ...over }, EXCHANGES);

    expect(answer).toMatchObject({ kind: "refused", field, allowed });
  });
});
