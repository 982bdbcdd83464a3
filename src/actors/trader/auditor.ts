import { ExchangeFailure } from "../../exchanges/errors.ts";
import type { Broker, BrokerAccount } from "../../exchanges/port.ts";
import type { HubEvent } from "../../market/events.ts";
import type { HaltOrder } from "../../market/halt.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Fence } from "../../store/lease-port.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import { type Comparison, compareBooks, type Mismatch } from "./compare-books.ts";

export interface AuditorDeps {
  readonly trade: Pick<TradeStore, "riskState" | "orders" | "halt">;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly publish: (event: HubEvent) => void;
  /** Runs a call of the store, however long that is away. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** How often books and broker are compared, machine ms. */
const EVERY_MS = 60_000;
/** How soon again after a broker that did not say, or books that moved meanwhile, machine ms. */
const AGAIN_MS = 2_000;
const DAY_MS = 86_400_000;
const MOST_ORDERS = 500;

/**
 * Compares the hub's books with what the broker says, before the first order and every minute after.
 * What does not agree is put into quarantine, that pair alone: whose word is right only people can
 * find out. It never writes an order, a fill or a position.
 */
export class Auditor {
  readonly #deps: AuditorDeps;
  #dueAt = Number.NEGATIVE_INFINITY;
  #askAgainAt = Number.NEGATIVE_INFINITY;
  /** The tenure in which they were compared; what another hub did in between nobody here knows. */
  #comparedIn: number | undefined;
  #isTold = false;

  constructor(deps: AuditorDeps) {
    this.#deps = deps;
  }

  /** Whether they were compared since this hub trades: before that nothing is to be sent. */
  hasCompared({ epoch }: Fence): boolean {
    return this.#comparedIn === epoch;
  }

  /** Compares, when it is time to. */
  async look(fence: Fence): Promise<void> {
    const { machineClock, publish } = this.#deps;
    const now = machineClock.monotonicMs();
    if (now < this.#askAgainAt || (now < this.#dueAt && this.hasCompared(fence))) return;
    this.#askAgainAt = now + AGAIN_MS;
    const found = await this.#compare();
    if (typeof found === "string") return this.#tell(found);
    for (const mismatch of found.mismatches) await this.isolate(mismatch);
    this.#comparedIn = fence.epoch;
    this.#isTold = false;
    this.#dueAt = now + EVERY_MS;
    const { positions, orders, mismatches } = found;
    publish({ kind: "books-compared", positions, orders, mismatches: mismatches.length });
  }

  /** Says once that they could not be compared, until they were. */
  #tell(reason: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#deps.publish({ kind: "books-not-compared", reason });
  }

  /** Why they could not be compared, where they could not. */
  async #compare(): Promise<Comparison | string> {
    const before = await this.#books();
    const account = await accountOf(this.#deps.broker);
    if (typeof account === "string") return account;
    const after = await this.#books();
    if (before.revision !== after.revision) return "the books moved meanwhile";
    // What is under way must be known in full: a pair that is left out by mistake would look wrong.
    if (after.working.length >= MOST_ORDERS) return "too many orders are under way";
    return compareBooks(after, account);
  }

  async #books() {
    const { trade, clock, run } = this.#deps;
    const working = await run(() => trade.orders({ working: true, limit: MOST_ORDERS }));
    const dayStart = Math.floor(clock.nowMs() / DAY_MS) * DAY_MS;
    const { positions, revision } = await run(() => trade.riskState(dayStart));
    return { positions, working, revision };
  }

  /** Puts a pair into quarantine; one that is there already keeps its first reason. */
  async isolate({ exchange, pair, reason }: Mismatch): Promise<void> {
    const { trade, clock, publish, run } = this.#deps;
    const halt: HaltOrder = {
      scope: { kind: "pair", exchange, pair },
      mode: "quarantine",
      cause: "reconciliation",
      by: "hub",
      reason,
    };
    const { changed } = await run(() => trade.halt(halt, clock.nowMs()));
    if (changed) publish({ kind: "trading-halted", ...halt });
  }
}

async function accountOf(broker: Broker): Promise<BrokerAccount | string> {
  try {
    return await broker.account();
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    return `the broker does not say what it holds: ${error.message}`;
  }
}
