import { marketDataContract } from "../contract/market-data.contract.ts";
import { openWorld } from "./world.ts";

marketDataContract("oanda, against a stand-in", async () => {
  const { market, clock, close } = await openWorld();
  return {
    market,
    pairs: ["EUR/USD", "USD/JPY"],
    timeframe: "1m",
    nowMs: () => clock.nowMs(),
    // Its clock is read off a header that shows whole seconds.
    clockToleranceMs: 1_000,
    isDealer: true,
    close,
  };
});
