import type { Broker } from "../../exchanges/port.ts";
import type { HubEvent } from "../../market/events.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import type { Handlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import { isLeaseLost, StoreFailure } from "../../store/errors.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { Fence } from "../../store/lease-port.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import { Auditor } from "./auditor.ts";
import type { Bookkeeper } from "./bookkeeper.ts";
import type { Mismatch } from "./compare-books.ts";
import { HeldPrices, type PriceOf } from "./held-prices.ts";
import { type Markets, quotesOf } from "./outside.ts";
import { Overseer, type Oversight } from "./overseer.ts";
import { Protector } from "./protector.ts";
import type { TraderProtocol } from "./protocol.ts";
import { Reconciler } from "./reconciler.ts";
import { Sender } from "./sender.ts";
import { Settler } from "./settler.ts";

export interface TraderDeps {
  readonly trade: TradeStore;
  readonly broker: Broker;
  readonly market: Markets;
  readonly bookkeeper: Bookkeeper;
  /** What the newest candle of a pair closed at. */
  readonly lastPrice: PriceOf;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly gate: StoreGate;
  readonly publish: (event: HubEvent) => void;
  /** A buy that has waited longer in the queue is given up, hub ms. */
  readonly maxQueueAgeMs: number;
  /** Tells this hub's claims from those of another. */
  readonly workerId: string;
  /** What the hub halts by itself, and how. */
  readonly oversight: Oversight;
  /** The hold on the traders' lease as it is this moment; undefined while another hub trades. */
  readonly fence: () => Fence | undefined;
}

/** Orders taken from the queue at once. */
const CLAIM_COUNT = 20;
/** After this long a claim that was not ended is free for somebody else, ms. */
const CLAIM_VISIBILITY_MS = 60_000;
/** How often stops and unknown outcomes are looked at, machine ms. */
const GUARD_EVERY_MS = 500;
/** After this long a quote no longer says that a position is to be sold, machine ms. */
const QUOTE_LIFE_MS = 10_000;

/**
 * Turns queued orders into fills, and watches what is held until it is sold.
 *
 * Keeps nothing: after a restart it takes up every order the store says is not ended, and asks the
 * broker about each before it sends anything. While it is down nothing is bought or sold.
 *
 * Acts only behind the fence of the traders' lease, of which there is one for all hubs on a database.
 * Without it, it stands by; once it is lost, what is under way is left to whoever trades next, who
 * finds it as after a crash.
 */
export class Trader implements Handlers<TraderProtocol> {
  readonly #deps: TraderDeps;
  readonly #context: ActorContext<TraderProtocol>;
  readonly #settler: Settler;
  readonly #protector: Protector;
  readonly #reconciler: Reconciler;
  readonly #sender: Sender;
  readonly #overseer: Overseer;
  readonly #auditor: Auditor;
  readonly #prices: HeldPrices;
  #cancelGuard: Cancel | undefined;
  /** What it has told itself to do and not begun: told once more, it would only fill the mailbox. */
  readonly #due = new Set<"work" | "guard">();

  constructor(deps: TraderDeps, context: ActorContext<TraderProtocol>) {
    this.#deps = deps;
    this.#context = context;
    const run = <T>(call: () => Promise<T>): Promise<T> => this.#run(call);
    this.#auditor = new Auditor({ ...deps, run });
    const isolate = (mismatch: Mismatch): Promise<void> => this.#auditor.isolate(mismatch);
    this.#settler = new Settler({ ...deps, isolate, run });
    this.#protector = new Protector({ ...deps, run });
    this.#reconciler = new Reconciler({ ...deps, settler: this.#settler, isolate, run });
    const inHand = { settler: this.#settler, reconciler: this.#reconciler };
    const holds = (fence: Fence): boolean => this.#holds(fence);
    this.#sender = new Sender({ ...deps, ...inHand, holds, run });
    this.#overseer = new Overseer({ ...deps, run });
    this.#prices = new HeldPrices(deps.lastPrice);
  }

  start(): void {
    this.#remind("work");
    this.#windGuard();
  }

  stop(): void {
    this.#cancelGuard?.();
  }

  async work(): Promise<void> {
    this.#due.delete("work");
    await this.#behindFence((fence) => this.#workOff(fence));
  }

  async guard(): Promise<void> {
    this.#due.delete("guard");
    await this.#behindFence((fence) => this.#lookAfter(fence));
  }

  async #behindFence(act: (fence: Fence) => Promise<void>): Promise<void> {
    const fence = this.#deps.fence();
    if (fence === undefined) return;
    try {
      await act(fence);
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
    }
  }

  async #workOff(fence: Fence): Promise<void> {
    const { trade, workerId, clock, maxQueueAgeMs } = this.#deps;
    const claim = (): ReturnType<TradeStore["claim"]> =>
      trade.claim(workerId, CLAIM_COUNT, CLAIM_VISIBILITY_MS, fence);
    // Before anything is sent in this life: books that the broker does not share are nothing to act on.
    await this.#auditor.look(fence);
    if (!this.#auditor.hasCompared(fence)) return;
    while (this.#holds(fence)) {
      const items = await this.#run(claim);
      if (items.length === 0) return;
      for (const item of items) {
        const { order, enqueuedAt } = item;
        const isCurrent = (): boolean =>
          order.side === "sell" || clock.nowMs() - enqueuedAt <= maxQueueAgeMs;
        // An order that cannot be judged yet stays claimed, and comes back when the claim runs out.
        const isDone = await this.#sender.send(order, fence, isCurrent);
        if (isDone && this.#holds(fence)) {
          await this.#run(() => trade.finish(item, workerId)).catch(unlessTakenOver);
        }
      }
    }
  }

  async #lookAfter(fence: Fence): Promise<void> {
    const { trade, bookkeeper, machineClock } = this.#deps;
    for (const order of await this.#sender.working()) {
      if (this.#holds(fence)) await this.#reconciler.settle(order, fence);
    }
    const positions = await this.#run(() => trade.positions({ open: true, limit: 1_000 }));
    const quotes = await quotesOf(this.#deps.market, positions);
    const quotedAt = machineClock.monotonicMs();
    this.#prices.note(positions, quotes);
    const isCurrent = (): boolean => machineClock.monotonicMs() - quotedAt <= QUOTE_LIFE_MS;
    if (this.#holds(fence)) await this.#overseer.look(this.#prices.of);
    if (this.#holds(fence)) await this.#auditor.look(fence);
    if (!this.#auditor.hasCompared(fence)) return;
    const halts = await this.#run(() => trade.halts());
    this.#protector.keepOnly(positions);
    for (const position of positions) {
      const quote = quotes.get(`${position.exchange}:${position.pair}`);
      const exit = quote && (await this.#protector.due(position, quote, halts));
      if (exit !== undefined && isCurrent()) await this.#sender.send(exit, fence, isCurrent);
    }
    await this.#run(async () => {
      if (this.#holds(fence) && isCurrent()) {
        await bookkeeper.keep(positions, quotes, this.#prices.of);
      }
    });
  }

  /** Whether nobody else can have traded since the fence was taken. */
  #holds({ epoch }: Fence): boolean {
    return this.#deps.fence()?.epoch === epoch;
  }

  #windGuard(): void {
    this.#cancelGuard = this.#deps.machineClock.after(GUARD_EVERY_MS, () => {
      this.#remind("guard");
      // A claim whose worker died comes free again without anybody being told.
      this.#remind("work");
      this.#windGuard();
    });
  }

  #remind(topic: "work" | "guard"): void {
    if (this.#due.has(topic)) return;
    this.#due.add(topic);
    this.#context.self.tell(topic, null);
  }

  #run<T>(call: () => Promise<T>): Promise<T> {
    return this.#deps.gate.run(this.#context.signal, call);
  }
}

/** Whoever took a claim over after it ran out ends it; the order itself is the same one. */
function unlessTakenOver(error: unknown): void {
  if (!(error instanceof StoreFailure) || error.reason !== "stale-claim") throw error;
}

/** How the system starts the trader. */
export function traderSpec(deps: TraderDeps): LocalSpec<TraderProtocol> {
  return {
    id: "trader",
    topics: { work: true, guard: true },
    create: (context) => new Trader(deps, context),
    // Being told twice that there is work says no more than being told once.
    mailbox: { capacity: 100, overflow: "dropOldest" },
    stopTimeoutMs: 15_000,
  };
}
