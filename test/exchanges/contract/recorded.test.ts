import { CCXT_EXCHANGES } from "../../../src/exchanges/ccxt/venues.ts";
import { fastClock } from "../../../src/runtime/clock.ts";
import { marketDataContract } from "./market-data.contract.ts";
import { openRecorded, RECORDED_AT } from "./recorded-world.ts";

for (const exchange of CCXT_EXCHANGES) {
  marketDataContract(`${exchange}, recorded`, async () => {
    // Faster than the machine, since one venue lets a call through only every 1.2 s.
    const clock = fastClock(20, RECORDED_AT);
    const world = await openRecorded(exchange, clock);
    return {
      market: world.market,
      pairs: exchange === "kraken" ? ["BTC/USD", "ETH/USDT"] : ["BTC/USDT", "ETH/USDT"],
      timeframe: "1m",
      nowMs: () => clock.nowMs(),
      // The recorded clock stands still while the hub's runs on.
      clockToleranceMs: 120_000,
      close: () => world.close(),
    };
  });
}
