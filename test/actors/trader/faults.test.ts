import { describe, expect, onTestFinished, test } from "vitest";
import { createCcxtMarketData } from "../../../src/exchanges/ccxt/market-data.ts";
import { createPaperBroker } from "../../../src/exchanges/paper/broker.ts";
import type { Broker } from "../../../src/exchanges/port.ts";
import {
  faultSource,
  orderFaults,
  parseFaultPlan,
  startSandbox,
} from "../../../src/exchanges/sandbox/index.ts";
import { machineClock } from "../../../src/runtime/clock.ts";
import { NOON } from "../../kit/builders.ts";
import { durationOf, failureTable } from "../../kit/failure-table.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { paperLedgerInMemory } from "../../kit/paper-ledger.ts";
import { request, setUp } from "./world.ts";

const rows = failureTable("Orders").map((row) => [row["fault"] ?? "", row] as const);

/** The paper broker on the depth of a sandbox exchange, where orders go astray; counts what is sent. */
async function openBroker(kind: string): Promise<{ broker: Broker; sent: () => number }> {
  const clock = new ManualClock(NOON);
  const sandbox = await startSandbox({ seed: "faults", clock });
  const market = await createCcxtMarketData({
    exchange: "binance",
    clock,
    machineClock,
    baseUrl: sandbox.url,
    deadlineMs: 20_000,
    random: () => 0,
  });
  onTestFinished(async () => {
    await market.close();
    await sandbox.close();
  });
  const instruments = await market.instruments();
  const paper = createPaperBroker({
    id: "paper",
    marketData: async () => market,
    instruments: (_, pair) => instruments.find((one) => one.pair === pair),
    clock,
    random: () => 0,
    ledger: paperLedgerInMemory(),
    latencyMs: 0,
    fault: orderFaults(faultSource(parseFaultPlan([{ kind, calls: 1 }])), clock),
  });
  let sent = 0;
  const place: Broker["place"] = (order, options) => {
    sent += 1;
    return paper.place(order, options);
  };
  return {
    broker: { ...paper, place, find: (order) => paper.find(order), account: () => paper.account() },
    sent: () => sent,
  };
}

describe("an order that goes astray ends as the table says", () => {
  test.each(rows)("%s", async (kind, row) => {
    const { broker, sent } = await openBroker(kind);
    const { trader, trade, state, clock } = setUp(60_000, undefined, broker);
    trade.enqueue(request());

    await trader.work();
    const noticed = state();
    await clock.advance(durationOf(row["settled within"] ?? ""));
    await trader.guard();
    await trader.guard();

    const { "noticed as": expected, becomes, fills } = row;
    expect([noticed, state()]).toEqual([expected, becomes]);
    expect(sent() === 1 ? "once" : `${sent()} times`).toBe(row["sent"]);
    expect(trade.held.size > 0 ? "some" : "none").toBe(fills);
  });
});
