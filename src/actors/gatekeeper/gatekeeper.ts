import { type DecimalText, decimal, text } from "../../market/decimal.ts";
import type { HubEvent } from "../../market/events.ts";
import type { HaltOrder, HaltScope } from "../../market/halt.ts";
import type { OrderRequest } from "../../market/order.ts";
import type { Series } from "../../market/series.ts";
import type { RawSignal } from "../../market/signal.ts";
import type { ReviewInput } from "../../risk/input.ts";
import { review } from "../../risk/review.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { BatchHandlers, Ref } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import { StoreFailure } from "../../store/errors.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { Decision, RiskState, TradeStore } from "../../store/trade-port.ts";
import type { TraderProtocol } from "../trader/protocol.ts";
import { assembleInput, markOnce } from "./assemble.ts";
import type { MarketFacts } from "./facts.ts";
import type { GatekeeperProtocol, HaltState, RaisedSignal } from "./protocol.ts";
import { Switch } from "./switch.ts";

export interface GatekeeperDeps {
  readonly trade: TradeStore;
  readonly facts: MarketFacts;
  /** Limits of whatever raised a signal, and how sure the hub is of them. */
  readonly rulesOf: (signal: RawSignal) => Pick<ReviewInput, "limits" | "configuration">;
  readonly trader: () => Ref<TraderProtocol> | undefined;
  /** The portfolio through which a series is followed. */
  readonly portfolioOf: (series: Series) => string;
  /** The newest close seen of a pair, for marking positions. */
  readonly lastPrice: (exchange: string, pair: string) => DecimalText | undefined;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly gate: StoreGate;
  readonly publish: (event: HubEvent) => void;
}

type Waiting = RaisedSignal & {
  /** Spent on quotes and books, ms: the exchange's time, not ours. */
  readonly exchangeMs: number;
};

/** Rounds in a row that an order or a halt may get ahead of, before it counts as a fault. */
const MOST_ROUNDS_IN_VAIN = 50;
const DAY_MS = 86_400_000;
/** A database that is away is waited out: failing meanwhile would bring down all that stands below. */
const JUDGE_TIMEOUT_MS = 86_400_000;

/**
 * Decides what is tradeable: every signal gets one verdict, with every check that was made.
 *
 * Keeps no state of its own; limits are measured against the store each time. What it was judging
 * when it failed is raised again by its analyst, under the same id; a stale signal is refused.
 */
export class Gatekeeper implements BatchHandlers<GatekeeperProtocol, "review" | "judge"> {
  readonly #deps: GatekeeperDeps;
  readonly #context: ActorContext<GatekeeperProtocol>;
  readonly #halts: Switch;

  constructor(deps: GatekeeperDeps, context: ActorContext<GatekeeperProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#halts = new Switch({ ...deps, run: (call) => this.#run(call) });
  }

  /** Gets what the checks need; meanwhile others are judged. */
  async review(raised: readonly RaisedSignal[]): Promise<readonly void[]> {
    const { facts, machineClock } = this.#deps;
    const askedAt = machineClock.monotonicMs();
    await facts.refresh(raised.map((item) => item.signal));
    const exchangeMs = machineClock.monotonicMs() - askedAt;
    const timeoutMs = JUDGE_TIMEOUT_MS;
    const judged = raised.map((item) =>
      this.#context.self.ask("judge", { ...item, exchangeMs }, { timeoutMs }),
    );
    return Promise.all(judged);
  }

  async judge(waiting: readonly Waiting[]): Promise<readonly void[]> {
    const decisions = await this.#decide(waiting.map((item) => item.signal));
    this.#announce(waiting, decisions);
    return waiting.map(() => undefined);
  }

  halt(order: Omit<HaltOrder, "cause">): Promise<HaltState> {
    return this.#halts.halt({ ...order, cause: "operator" });
  }

  resume({ scope, by }: { readonly scope: HaltScope; readonly by: string }): Promise<HaltState> {
    return this.#halts.resume(scope, by);
  }

  /**
   * Judges and stores. When the account has moved on between reading and writing, fewer signals are
   * judged again on what it is now: the shorter a round, the less can happen in it.
   */
  async #decide(signals: readonly RawSignal[]): Promise<ReadonlyMap<string, Decision>> {
    const decisions = new Map<string, Decision>();
    let size = signals.length;
    let inVain = 0;
    for (let done = 0; done < signals.length; ) {
      const chunk = signals.slice(done, done + size);
      const decided = await this.#decideAtOnce(chunk);
      if (decided === "stale") {
        inVain += 1;
        if (inVain > MOST_ROUNDS_IN_VAIN) throw new Error("the account never stood still");
        size = Math.max(1, Math.floor(size / 4));
        continue;
      }
      inVain = 0;
      done += chunk.length;
      for (const decision of decided) decisions.set(decision.signal.id, decision);
    }
    return decisions;
  }

  async #decideAtOnce(signals: readonly RawSignal[]): Promise<readonly Decision[] | "stale"> {
    const { trade, clock } = this.#deps;
    /** Decisions of tries without an answer; each of them may have been written all the same. */
    const unanswered: Decision[] = [];
    // Read, judge and write are repeated together: what passed before an outage may be too old after.
    const decide = async (): Promise<readonly Decision[]> => {
      const dayStart = Math.floor(clock.nowMs() / DAY_MS) * DAY_MS;
      const risk = await trade.riskState(dayStart);
      const decisions = this.#judge(signals, risk);
      const tried = unanswered.slice();
      unanswered.push(...decisions);
      const { decided, earlier } = await trade.decide(decisions, risk.revision);
      const now = new Set(decided);
      const before = new Map(earlier.map(({ id, decidedAt }) => [id, decidedAt]));
      return [
        ...decisions.filter(({ signal }) => now.has(signal.id)),
        ...tried.filter(({ signal, verdict }) => before.get(signal.id) === verdict.decidedAt),
      ];
    };
    try {
      return await this.#run(decide);
    } catch (error) {
      if (error instanceof StoreFailure && error.reason === "stale-revision") return "stale";
      throw error;
    }
  }

  /** One after another: what the first is granted, the next one no longer finds free. */
  #judge(signals: readonly RawSignal[], risk: RiskState): Decision[] {
    const { facts, rulesOf, portfolioOf, lastPrice, clock } = this.#deps;
    const seen = new Set<string>();
    const decisions: Decision[] = [];
    const worth = markOnce(lastPrice);
    let state = risk;
    for (const signal of signals) {
      if (seen.has(signal.id)) continue;
      seen.add(signal.id);
      const { exchange, pair } = signal.series;
      const portfolio = portfolioOf(signal.series);
      const input = assembleInput(signal, state, {
        facts: facts.of(exchange, pair),
        clockSkew: facts.clockSkew(exchange),
        nowMs: facts.exchangeNowMs(exchange),
        portfolio,
        ...rulesOf(signal),
        worth,
      });
      const result = review(input);
      const base = {
        signalId: signal.id,
        portfolio,
        checks: result.checks,
        decidedAt: clock.nowMs(),
      };
      if (result.decision === "refused") {
        decisions.push({
          signal,
          verdict: { ...base, decision: "refused", reasons: result.reasons },
        });
        continue;
      }
      const { quantity, reservedQuote, order } = result;
      const verdict = { ...base, decision: "accepted" as const, quantity, reservedQuote };
      decisions.push({ signal, verdict, order });
      state = withReservation(state, order, reservedQuote);
    }
    return decisions;
  }

  #announce(waiting: readonly Waiting[], decisions: ReadonlyMap<string, Decision>): void {
    const now = this.#deps.machineClock.nowMs();
    const told = new Set<string>();
    let accepted = false;
    for (const { signal, answeredAt, exchangeMs } of waiting) {
      const verdict = decisions.get(signal.id)?.verdict;
      // A signal that waited twice is told of once.
      if (verdict === undefined || told.has(signal.id)) continue;
      told.add(signal.id);
      accepted ||= verdict.decision === "accepted";
      this.#deps.publish({
        kind: "verdict-given",
        signalId: signal.id,
        series: signal.series,
        openTime: signal.openTime,
        strategy: signal.strategy,
        side: signal.side,
        decision: verdict.decision,
        reasons: verdict.decision === "refused" ? verdict.reasons : [],
        latencyMs: Math.max(0, now - answeredAt - exchangeMs),
      });
    }
    if (accepted) this.#deps.trader()?.tell("work", null);
  }

  #run<T>(call: () => Promise<T>): Promise<T> {
    return this.#deps.gate.run(this.#context.signal, call);
  }
}

function withReservation(
  state: RiskState,
  order: OrderRequest,
  reservedQuote: DecimalText,
): RiskState {
  const { account } = state;
  const reserved = decimal(account.reserved).plus(decimal(reservedQuote));
  return {
    ...state,
    account: { ...account, reserved: text(reserved) },
    working: [...state.working, { ...order, reservedQuote }],
    tradesToday: state.tradesToday + 1,
  };
}

/** How the system starts the gatekeeper. */
export function gatekeeperSpec(deps: GatekeeperDeps): LocalSpec<GatekeeperProtocol> {
  return {
    id: "gatekeeper",
    topics: { review: true, judge: true, halt: true, resume: true },
    // Signals of one close share quotes, one reading of the account and one transaction. A verdict
    // is four kilobytes with its checks, and the call that stores them stays below a megabyte.
    batches: { review: 200, judge: 200 },
    // A slow book of one pair holds up nobody else.
    concurrent: { review: true },
    create: (context) => new Gatekeeper(deps, context),
    // Five strategies on two thousand series at one close.
    mailbox: { capacity: 10_000, overflow: "reject" },
  };
}
