import { describe, expect, test } from "vitest";
import { ExchangeFailure } from "../../../src/exchanges/errors.ts";
import { PRIORITY } from "../../../src/exchanges/port.ts";
import { setUp, span } from "./world.ts";

describe("a series whose load fails while a candle of it is pursued", () => {
  test("lacks nothing once it is loaded: no poll takes it for one of which nothing is stored", async () => {
    const { market, follow, close, clock, stored, order, harvester } = setUp();
    await follow();
    await close(0);
    // Nobody polls for a while, as when the harvester's process is made anew on an exchange in trouble.
    await clock.advance(19 * 60_000);
    let failLoad: (failure: Error) => void = () => {};
    const ask = market.candles.bind(market);
    market.candles = (request, options) =>
      options?.priority === PRIORITY.backfill
        ? new Promise((_, reject) => (failLoad = reject))
        : ask(request, options);

    const loading = harvester.follow({ ...order, candles: 11 });
    await clock.advance(0);
    market.script.push("down");
    await close(20);
    failLoad(new ExchangeFailure("binance", "transient", "no answer"));
    const first = await loading;
    market.candles = ask;
    // The pursuit asks once more, and goes on with later closes.
    await clock.advance(15_000);
    for (const n of [21, 22, 23, 24]) await close(n);
    const second = await follow({ candles: 11 });

    expect([first.kind, second.kind]).toEqual(["waiting", "ready"]);
    expect(stored()).toEqual(span(-10, 24));
  });
});
