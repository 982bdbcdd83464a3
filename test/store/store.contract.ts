import { describe } from "vitest";
import type { Store } from "../../src/store/port.ts";
import { candlePromises } from "./contract/candles.ts";
import { equityPromises } from "./contract/equity.ts";
import { forgettingPromises } from "./contract/forgetting.ts";
import { gapPromises } from "./contract/gaps.ts";
import { haltPromises } from "./contract/halts.ts";
import { fencePromises, leasePromises } from "./contract/leases.ts";
import { ledgerPromises } from "./contract/ledger.ts";
import { notificationPromises } from "./contract/notifications.ts";
import { orderPromises } from "./contract/orders.ts";
import { outboxPromises } from "./contract/outbox.ts";
import { paperPromises } from "./contract/paper.ts";
import { pricePromises } from "./contract/prices.ts";
import { pulsePromises } from "./contract/pulse.ts";
import { requestPromises } from "./contract/requests.ts";
import { retentionPromises } from "./contract/retention.ts";
import { runPromises } from "./contract/runs.ts";
import { tokenPromises } from "./contract/tokens.ts";
import { tracePromises } from "./contract/traces.ts";
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
    describe("the ledger of candles", () => {
      ledgerPromises(opened);
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
    paperPromises({
      get ledger() {
        return opened.store.paper;
      },
    });
    describe("halts", () => {
      haltPromises(opened);
    });
    describe("the worth of the account", () => {
      equityPromises(opened);
    });
    describe("orders", () => {
      orderPromises(opened);
    });
    describe("leases", () => {
      leasePromises(
        {
          get leases() {
            return opened.store.leases;
          },
        },
        (ms) => new Promise((done) => setTimeout(done, ms)),
      );
    });
    describe("a fence", () => {
      fencePromises(opened);
    });
    describe("snapshots, pings and audit", () => {
      pulsePromises(opened);
    });
    describe("tokens", () => {
      tokenPromises(opened);
    });
    describe("requests with a key", () => {
      requestPromises(opened);
    });
    describe("an outbox", () => {
      outboxPromises(opened);
    });
    describe("notifications", () => {
      notificationPromises(opened);
    });
    describe("runs", () => {
      runPromises(opened);
    });
    describe("prices", () => {
      pricePromises(opened);
    });
    describe("traces", () => {
      tracePromises(opened);
    });
    // Last: it removes what is old, whoever wrote it.
    describe("retention", () => {
      forgettingPromises(opened);
      retentionPromises(opened);
    });
  });
}
