import { decimal, text } from "../../src/market/decimal.ts";
import {
  type Halt,
  type HaltCause,
  type HaltOrder,
  type HaltScope,
  scopeKey,
} from "../../src/market/halt.ts";
import type { Fill, Order, OrderRequest } from "../../src/market/order.ts";
import { isEnded, mayBecome } from "../../src/market/order.ts";
import type { Account } from "../../src/market/portfolio.ts";
import type { Position } from "../../src/market/position.ts";
import type { Origin } from "../../src/market/trace.ts";
import type { Verdict } from "../../src/market/verdict.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import { type Fence, TRADER_LEASE } from "../../src/store/lease-port.ts";
import type {
  Decision,
  QueueItem,
  RiskState,
  Settlement,
  TradeStore,
} from "../../src/store/trade-port.ts";
import { account, NOON } from "./builders.ts";

type FakeItem = QueueItem & { readonly worker?: string; readonly epoch?: number };

/** The trading side of a database in memory. What no actor calls is missing. */
export class FakeTradeStore implements Partial<TradeStore> {
  readonly verdicts = new Map<string, Verdict>();
  readonly items: FakeItem[] = [];
  readonly ordersById = new Map<string, Order>();
  readonly fills: Fill[] = [];
  readonly settled: Settlement[] = [];
  readonly held = new Map<string, Position>();
  readonly marks: string[] = [];
  money: Account = account();
  revision = 1;
  stops: readonly Halt[] = [];
  /** The epoch at which the traders' lease is held; every other fence has fallen. */
  epoch = 1;
  /** Runs before the next decision is written, as if somebody else were faster. */
  beforeDecide: (() => void) | undefined;
  readonly #reserved = new Map<string, string>();
  readonly #lastClosedAt: Record<string, number> = {};

  async riskState(): Promise<RiskState> {
    await Promise.resolve();
    const queued = this.items
      .filter((item) => item.status !== "done" && !this.ordersById.has(item.order.clientOrderId))
      .map((item) => item.order);
    const open = [...this.ordersById.values()].filter((order) => !isEnded(order.state));
    return {
      account: await this.account(),
      positions: this.#open(),
      working: [...queued, ...open].map((order) => ({
        ...order,
        reservedQuote: this.#reserved.get(order.clientOrderId) ?? "0",
      })),
      tradesToday: [...this.verdicts.values()].filter((v) => v.decision === "accepted").length,
      lastClosedAt: { ...this.#lastClosedAt },
      halts: this.stops,
      revision: this.revision,
    };
  }

  async decide(decisions: readonly Decision[], revision: number) {
    await Promise.resolve();
    this.beforeDecide?.();
    this.beforeDecide = undefined;
    const earlier = decisions.flatMap(({ signal: { id } }) => {
      const verdict = this.verdicts.get(id);
      return verdict === undefined ? [] : [{ id, decidedAt: verdict.decidedAt }];
    });
    const fresh = decisions.filter((one) => !this.verdicts.has(one.signal.id));
    if (fresh.length > 0 && revision !== this.revision) throw refused("stale-revision");
    for (const { signal, verdict, order } of fresh) {
      this.verdicts.set(signal.id, verdict);
      if (order === undefined || verdict.decision === "refused") continue;
      this.enqueue(order, verdict.reservedQuote, verdict.decidedAt);
      this.revision += 1;
    }
    return { decided: fresh.map((one) => one.signal.id), earlier };
  }

  /** Puts an order into the queue, as a decision does. */
  enqueue(order: OrderRequest, reservedQuote = "0", enqueuedAt = NOON): void {
    const id = this.items.length + 1;
    const signalId = order.signalId ?? "";
    this.items.push({ id, signalId, order, attempts: 0, enqueuedAt, status: "pending" });
    this.#reserved.set(order.clientOrderId, reservedQuote);
  }

  /** Lets all claims run out, as time does. */
  releaseClaims(): void {
    this.items.forEach((item, i) => {
      if (item.status === "claimed") this.items[i] = { ...item, status: "pending" };
    });
  }

  /** The fence that stands. */
  get fence(): Fence {
    return { lease: TRADER_LEASE, epoch: this.epoch };
  }

  async claim(
    worker: string,
    n: number,
    _visibilityMs: number,
    fence: Fence,
  ): Promise<readonly QueueItem[]> {
    await Promise.resolve();
    this.#check(fence);
    const isFree = ({ status, epoch }: FakeItem): boolean =>
      status === "pending" || (status === "claimed" && epoch !== fence.epoch);
    const due = this.items.filter(isFree).slice(0, n);
    return due.map((item) => {
      const attempts = item.attempts + 1;
      const { epoch } = fence;
      const claimed = { ...item, worker, attempts, epoch, status: "claimed" as const };
      this.items[item.id - 1] = claimed;
      return claimed;
    });
  }

  async finish(item: QueueItem, worker: string): Promise<void> {
    await Promise.resolve();
    const stored = this.items[item.id - 1];
    if (stored?.worker !== worker || stored.attempts !== item.attempts)
      throw refused("stale-claim");
    this.items[item.id - 1] = { ...stored, status: "done" };
  }

  async createOrder(request: OrderRequest, at: number, fence: Fence) {
    await Promise.resolve();
    this.#check(fence);
    const known = this.ordersById.get(request.clientOrderId);
    if (known !== undefined) return { order: known, created: false };
    const order: Order = { ...request, createdAt: at, state: "created" };
    this.ordersById.set(request.clientOrderId, order);
    return { order, created: true };
  }

  async settle(change: Settlement, fence?: Fence): Promise<void> {
    await Promise.resolve();
    if (fence !== undefined) this.#check(fence);
    const { order, fills, position, cashDelta, release } = change;
    const before = this.ordersById.get(order.clientOrderId);
    if (before === undefined) throw refused("no-such-order");
    const known = new Set(await this.fillIds(order.clientOrderId));
    const fresh = fills.filter((fill) => !known.has(fill.id));
    if (fresh.length !== 0 && fresh.length !== fills.length) throw refused("mixed-fills");
    const isAgain = before.state === order.state;
    if (!isAgain && !mayBecome(before.state, order.state)) throw refused("order-state");
    this.settled.push(change);
    this.revision += 1;
    this.ordersById.set(order.clientOrderId, order);
    if (release) this.#reserved.delete(order.clientOrderId);
    if (fresh.length === 0) return;
    this.fills.push(...fresh);
    const cash = text(decimal(this.money.cash).plus(decimal(cashDelta)));
    this.money = { ...this.money, cash };
    if (position === undefined) return;
    this.held.set(position.id, position);
    const { exchange, pair, closedAt } = position;
    if (closedAt !== undefined) this.#lastClosedAt[`${exchange}:${pair}`] = closedAt;
  }

  async order(clientOrderId: string): Promise<Order | undefined> {
    await Promise.resolve();
    return this.ordersById.get(clientOrderId);
  }

  async fillIds(clientOrderId: string): Promise<readonly string[]> {
    await Promise.resolve();
    return this.fills.filter((f) => f.clientOrderId === clientOrderId).map((f) => f.id);
  }

  /** Candles by the order that came of them. */
  readonly origins = new Map<string, Origin>();

  async origin(id: string): Promise<Origin | undefined> {
    await Promise.resolve();
    return this.origins.get(id);
  }

  async orders(filter: { working?: boolean; limit: number }): Promise<readonly Order[]> {
    await Promise.resolve();
    const all = [...this.ordersById.values()];
    return filter.working === true ? all.filter((order) => !isEnded(order.state)) : all;
  }

  async positions(): Promise<readonly Position[]> {
    await Promise.resolve();
    return this.#open();
  }

  async position(exchange: string, pair: string): Promise<Position | undefined> {
    await Promise.resolve();
    return this.#open().find((one) => one.exchange === exchange && one.pair === pair);
  }

  async account(): Promise<Account> {
    await Promise.resolve();
    const reserved = [...this.#reserved.values()].reduce((a, b) => a.plus(decimal(b)), decimal(0));
    return { ...this.money, reserved: text(reserved) };
  }

  async mark(equity: string): Promise<void> {
    await Promise.resolve();
    this.marks.push(equity);
  }

  async halt(order: HaltOrder, at: number) {
    await Promise.resolve();
    const stood = this.stops.find((stop) => isSame(stop, order) && stop.cause === order.cause);
    const before = stood !== undefined;
    if (stood?.mode === order.mode) return { before, changed: false };
    this.stops = [...this.stops.filter((stop) => stop !== stood), { ...order, at }];
    this.revision += 1;
    return { before, changed: true };
  }

  async resume(scope: HaltScope, _by: string, _at: number, cause?: HaltCause): Promise<number> {
    await Promise.resolve();
    const before = this.stops.length;
    this.stops = this.stops.filter(
      (stop) => !isSame(stop, { scope }) || (cause !== undefined && stop.cause !== cause),
    );
    if (this.stops.length < before) this.revision += 1;
    return before - this.stops.length;
  }

  async halts(): Promise<readonly Halt[]> {
    await Promise.resolve();
    return this.stops;
  }

  #check({ epoch }: Fence): void {
    if (epoch !== this.epoch) throw refused("lease-lost");
  }

  #open(): Position[] {
    return [...this.held.values()].filter((position) => position.closedAt === undefined);
  }

  /** As the actors know it. */
  get store(): TradeStore {
    return this as unknown as TradeStore;
  }
}

function refused(reason: string): StoreFailure {
  return new StoreFailure("refused", reason, reason);
}

function isSame(a: Pick<Halt, "scope">, b: Pick<Halt, "scope">): boolean {
  return scopeKey(a.scope) === scopeKey(b.scope);
}
