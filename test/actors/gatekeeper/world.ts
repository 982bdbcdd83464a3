import { MarketFacts } from "../../../src/actors/gatekeeper/facts.ts";
import { Gatekeeper } from "../../../src/actors/gatekeeper/gatekeeper.ts";
import type { GatekeeperProtocol } from "../../../src/actors/gatekeeper/protocol.ts";
import type { TraderProtocol } from "../../../src/actors/trader/protocol.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import type { RawSignal } from "../../../src/market/signal.ts";
import type { RiskLimits } from "../../../src/risk/limits.ts";
import type { MessageOf } from "../../../src/runtime/protocol.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import { instrument, limits, NOON, reviewInput, series, signal } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { FakeMarket } from "../../kit/fake-market.ts";
import { FakeTradeStore } from "../../kit/fake-trade-store.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { recorder } from "../../kit/recorder.ts";

const PAIRS = ["BTC/USDT", "ETH/USDT", "SOL/USDT", "ADA/USDT"] as const;

/** A gatekeeper with real checks, before a market on which every signal of the builders passes. */
export function setUp(over: Partial<RiskLimits> = {}) {
  const clock = new ManualClock(NOON + 6_000);
  const db = new FakeTradeStore();
  const market = new FakeMarket(clock);
  market.listed = PAIRS.map((pair) => instrument({ pair }));
  const failures: string[] = [];
  const facts = new MarketFacts(
    (exchange) => (exchange === "binance" ? market : undefined),
    clock,
    (what) => failures.push(what),
  );
  const events: HubEvent[] = [];
  const trader = recorder<TraderProtocol>();
  const context = new FakeContext<GatekeeperProtocol>(clock);
  const gatekeeper = new Gatekeeper(
    {
      trade: db.store,
      facts,
      rulesOf: () => ({ limits: limits(over), configuration: reviewInput().configuration }),
      trader: () => trader,
      portfolioOf: () => "main",
      lastPrice: () => market.bid,
      clock,
      machineClock: clock,
      gate: new StoreGate(clock, (event) => events.push(event)),
      publish: (event) => events.push(event),
    },
    context,
  );
  // What it tells itself in one go is handed to it as one batch, as its mailbox would.
  let batch: MessageOf<GatekeeperProtocol, "judge">[] = [];
  let judging: Promise<unknown> = Promise.resolve();
  context.self.answers.judge = async (message) => {
    batch.push(message);
    if (batch.length === 1) {
      judging = judging.then(() => gatekeeper.judge(batch.splice(0)));
    }
    await judging;
  };
  const review = async (...signals: RawSignal[]): Promise<void> => {
    await gatekeeper.review(signals.map((one) => ({ signal: one, answeredAt: clock.nowMs() })));
  };
  const verdicts = (): string[] =>
    events.flatMap((e) =>
      e.kind === "verdict-given" ? [[e.decision, ...e.reasons].join(" ")] : [],
    );
  return {
    clock,
    db,
    market,
    failures,
    facts,
    events,
    trader,
    context,
    gatekeeper,
    review,
    verdicts,
  };
}

/** A buy of the n-th pair that every check passes. */
export function buy(n: number, over: Partial<RawSignal> = {}): RawSignal {
  const pair = PAIRS[n % PAIRS.length] ?? "BTC/USDT";
  return signal({ id: `${n + 100}`.padEnd(32, "0"), series: series({ pair }), ...over });
}
