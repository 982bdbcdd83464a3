import { expect } from "vitest";
import { decimal, text } from "../../../src/market/decimal.ts";
import type { Order } from "../../../src/market/order.ts";
import type { Side } from "../../../src/market/signal.ts";
import type { Store } from "../../../src/store/port.ts";
import { BTC_1M, candle, MINUTE, MONDAY } from "../builders.ts";

export const CASH = "1000000";

/** What one filled order of the writer does to the cash. */
export function cashOf(side: Side): string {
  return side === "buy" ? "-50.35" : "50.25";
}

/** What a writer was told is done. */
export class Acknowledged {
  /** Places of candles. */
  readonly candles = new Set<number>();
  readonly signals = new Set<string>();
  /** Client order ids. */
  readonly created = new Set<string>();
  readonly filled = new Set<string>();

  /** Takes in what a writer has printed; a line that was cut off is none. */
  read(output: string): void {
    for (const line of output.split("\n").slice(0, -1)) {
      const [kind, what = ""] = line.split(" ");
      if (kind === "candle") this.candles.add(Number(what));
      else if (kind === "signal") this.signals.add(what);
      else if (kind === "created") this.created.add(what);
      else if (kind === "filled") this.filled.add(what);
    }
  }
}

/**
 * Looks whether a store holds what was acknowledged, once each, and nothing by half.
 * @returns places of acknowledged candles that are not there.
 */
export async function lookAfter(store: Store, told: Acknowledged): Promise<readonly number[]> {
  const stored = await storedPlaces(store);
  const { trade } = store;
  const signals = await trade.signals({ limit: 1_000_000 });
  const ids = signals.map(({ signal }) => signal.id);
  expect(ids).toHaveLength(new Set(ids).size);
  expect([...told.signals].filter((id) => !ids.includes(id))).toEqual([]);
  expect(signals.filter(({ verdict }) => verdict === null)).toEqual([]);
  await lookAtOrders(store, told);
  return [...told.candles].filter((place) => !stored.has(place));
}

async function lookAtOrders({ trade }: Store, told: Acknowledged): Promise<void> {
  const orders = await trade.orders({ limit: 1_000_000 });
  const byId = new Map(orders.map((order) => [order.clientOrderId, order]));
  expect(byId.size).toBe(orders.length);
  expect([...told.created].filter((id) => !byId.has(id))).toEqual([]);
  expect([...told.filled].filter((id) => byId.get(id)?.state !== "filled")).toEqual([]);
  // Each accepted signal is queued once, and has one order at most.
  const queue = await trade.queue(1_000_000);
  const accepted = await trade.signals({ limit: 1_000_000, decision: "accepted" });
  expect(queue.map((item) => item.signalId).toSorted()).toEqual(
    accepted.map(({ signal }) => signal.id).toSorted(),
  );
  // Order, fill, position and cash moved together: one of them alone would not add up.
  const filled = orders.filter(({ state }) => state === "filled");
  expect((await trade.account()).cash).toBe(cashAfter(filled));
  const buys = filled.filter(({ side }) => side === "buy").length;
  const held = await trade.positions({ open: true, limit: 10 });
  expect(held).toHaveLength(2 * buys - filled.length);
}

function cashAfter(filled: readonly Order[]): string {
  return text(filled.reduce((sum, { side }) => sum.plus(decimal(cashOf(side))), decimal(CASH)));
}

/** Every stored candle is one of the writer's, whole, and none lacks between the first and the last. */
async function storedPlaces(store: Store): Promise<ReadonlySet<number>> {
  const until = MONDAY + 1_000_000 * MINUTE;
  const candles = await store.candles.range(BTC_1M, MONDAY, until, 1_000_000);
  expect(candles).toEqual(candles.map((_, place) => candle(place)));
  expect(await store.candles.verify(BTC_1M)).toEqual({
    rows: candles.length,
    unlinked: 0,
    broken: null,
    headFits: true,
  });
  return new Set(candles.keys());
}
