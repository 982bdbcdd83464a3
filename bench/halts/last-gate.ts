import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Switch } from "../../src/actors/gatekeeper/switch.ts";
import { Reconciler } from "../../src/actors/trader/reconciler.ts";
import { Sender } from "../../src/actors/trader/sender.ts";
import { Settler } from "../../src/actors/trader/settler.ts";
import type { Broker } from "../../src/exchanges/port.ts";
import type { HaltOrder, HaltScope } from "../../src/market/halt.ts";
import type { OrderRequest } from "../../src/market/order.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { type Fence, TRADER_LEASE } from "../../src/store/lease-port.ts";
import { type OpenStore, openStore } from "../../src/store/open.ts";
import { sleep } from "../many-series.ts";

const EVERYTHING: HaltScope = { kind: "global" };
const HALT: HaltOrder = {
  scope: EVERYTHING,
  mode: "no-entries",
  cause: "operator",
  by: "bench",
  reason: "measured",
};
/** A look at the gate takes milliseconds: what would still be sent is sent by then. */
const SOME_MS = 30;

const request = (n: number): OrderRequest => ({
  clientOrderId: `bench-${n}`,
  origin: "signal",
  portfolio: "main",
  exchange: "binance",
  pair: "BTC/USDT",
  side: "buy",
  quantity: "0.1",
  referencePrice: "30000",
  strategy: "bench",
});

const run = <T>(call: () => Promise<T>): Promise<T> => call();

/** The hub's own last gate over a real database, with orders that come one after the other without end. */
export class LastGate {
  readonly #opened: OpenStore;
  readonly #dataDir: string;
  readonly #switch: Switch;
  readonly #sending: Promise<void>;
  #isOver = false;
  /** Orders that reached the venue. */
  placed = 0;
  /** When the last of them did, machine ms. */
  lastPlacedAt = 0;

  private constructor(opened: OpenStore, dataDir: string, fence: Fence) {
    this.#opened = opened;
    this.#dataDir = dataDir;
    const { trade } = opened.store;
    const common = { trade, clock: machineClock, publish: () => undefined, run };
    this.#switch = new Switch({ ...common, trader: () => undefined });
    this.#sending = this.#sendOn(this.#sender(), fence);
  }

  static async open(): Promise<LastGate> {
    const dataDir = mkdtempSync(join(tmpdir(), "hub-bench-"));
    const migrationsDir = fileURLToPath(new URL("../../../supabase/migrations", import.meta.url));
    const opened = await openStore({ dataDir, migrationsDir, log: () => {} });
    const holder = "00000000-0000-4000-8000-000000000001";
    const time = { ttlMs: 3_600_000, timeoutMs: 5_000 };
    const wish = { name: TRADER_LEASE, holder, instance: "bench", ...time };
    const answer = await opened.store.leases.acquire(wish);
    if (answer.kind === "taken") throw new Error("the database is not ours alone");
    await opened.store.trade.openAccount("paper", "USDT", "10000", machineClock.nowMs());
    return new LastGate(opened, dataDir, { lease: TRADER_LEASE, epoch: answer.epoch });
  }

  async halt(): Promise<void> {
    await this.#switch.halt(HALT);
  }

  async resume(): Promise<void> {
    await this.#switch.resume(EVERYTHING, "bench");
  }

  /** Lets orders come for a while. */
  sendSome(): Promise<void> {
    return sleep(SOME_MS);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#sending;
    await this.#opened.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  #sender(): Sender {
    const { trade } = this.#opened.store;
    const broker = this.#broker();
    const isolate = (): Promise<void> => Promise.resolve();
    const common = { trade, broker, clock: machineClock, publish: () => undefined, isolate, run };
    const settler = new Settler(common);
    return new Sender({
      ...common,
      settler,
      reconciler: new Reconciler({ ...common, settler }),
      market: () => Promise.resolve(undefined),
      machineClock,
      holds: () => true,
    });
  }

  /** Takes note of each order, and turns it down: nothing piles up. */
  #broker(): Broker {
    return {
      id: "bench",
      name: "Bench",
      live: false,
      place: () => {
        this.placed += 1;
        this.lastPlacedAt = performance.now();
        return Promise.resolve({ kind: "rejected", reason: "noted" });
      },
      find: () => Promise.resolve(undefined),
      account: () => Promise.resolve({ holdings: [], openOrders: [] }),
    };
  }

  async #sendOn(sender: Sender, fence: Fence): Promise<void> {
    for (let n = 0; !this.#isOver; n += 1) await sender.send(request(n), fence, () => true);
  }
}
