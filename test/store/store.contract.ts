import { describe } from "vitest";
import type { Store } from "../../src/store/port.ts";
import { candlePromises } from "./contract/candles.ts";
import { gapPromises } from "./contract/gaps.ts";
import { orderPromises } from "./contract/orders.ts";
import { pulsePromises } from "./contract/pulse.ts";
import { tradePromises } from "./contract/trade.ts";
import { watchPromises } from "./contract/watch.ts";

/**
 * What every road to the database promises. Each part works on series and orders of its own, so
 * that one store serves them all.
 */
export function storeContract(road: string, opened: { readonly store: Store }): void {
  describe(`a store over ${road}`, () => {
    describe("candles", () => {
      candlePromises(opened);
    });
    describe("gaps", () => {
      gapPromises(opened);
    });
    describe("the watchlist", () => {
      watchPromises(opened);
    });
    describe("decisions, queue and account", () => {
      tradePromises(opened);
    });
    describe("orders", () => {
      orderPromises(opened);
    });
    describe("snapshots, pings and audit", () => {
      pulsePromises(opened);
    });
  });
}
