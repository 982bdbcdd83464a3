import type { BrokerAccount } from "../../exchanges/port.ts";
import { decimal } from "../../market/decimal.ts";
import type { Position } from "../../market/position.ts";

/** What the hub believes to hold and to have ordered. */
export interface OwnBooks {
  readonly positions: readonly Pick<Position, "exchange" | "pair" | "quantity">[];
  /** Orders that may have been sent and have not ended; what waits in the queue is not among them. */
  readonly working: readonly {
    readonly exchange: string;
    readonly pair: string;
    readonly clientOrderId: string;
  }[];
}

/** A pair of which broker and books do not say the same. */
export interface Mismatch {
  readonly exchange: string;
  readonly pair: string;
  /** What differs, in words for people. */
  readonly reason: string;
}

/** What a comparison looked at, and what it found. */
export interface Comparison {
  readonly positions: number;
  readonly orders: number;
  readonly mismatches: readonly Mismatch[];
}

/**
 * Compares the books with what the broker holds. Pure. A pair with an order under way is left out:
 * until that order is settled, no two readings of it have to agree, and a difference proves nothing.
 */
export function compareBooks(own: OwnBooks, broker: BrokerAccount): Comparison {
  const underWay = new Set(own.working.map(nameOf));
  const known = new Set(own.working.map(({ clientOrderId }) => clientOrderId));
  const strange = broker.openOrders.filter(({ clientOrderId }) => !known.has(clientOrderId));
  const ours = quantities(own.positions);
  const theirs = quantities(broker.holdings);
  const pairs = [...new Set([...ours.keys(), ...theirs.keys()])].filter((n) => !underWay.has(n));
  const orders = strange.map((order) => ({
    ...placeOf(nameOf(order)),
    reason: `the broker has an open order that the books do not know: ${order.clientOrderId}`,
  }));
  const positions = pairs.flatMap((name) => {
    const [held, there] = [ours.get(name) ?? "0", theirs.get(name) ?? "0"];
    if (decimal(held).eq(decimal(there))) return [];
    return [{ ...placeOf(name), reason: `the books hold ${held}, the broker holds ${there}` }];
  });
  return {
    positions: pairs.length,
    orders: broker.openOrders.length,
    mismatches: byPair([...positions, ...orders]),
  };
}

/** One finding a pair, whatever of it differs. */
function byPair(found: readonly Mismatch[]): readonly Mismatch[] {
  const pairs = new Map<string, Mismatch>();
  for (const one of found) {
    const before = pairs.get(nameOf(one));
    const reason = before === undefined ? one.reason : `${before.reason}; ${one.reason}`;
    pairs.set(nameOf(one), { ...one, reason });
  }
  return [...pairs.values()];
}

type Place = { readonly exchange: string; readonly pair: string };

function nameOf({ exchange, pair }: Place): string {
  return `${exchange} ${pair}`;
}

function placeOf(name: string): Place {
  const [exchange = "", pair = ""] = name.split(" ");
  return { exchange, pair };
}

/** What is held of each pair; several rows of one pair count together. */
function quantities(
  rows: readonly (Place & { readonly quantity: string })[],
): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const row of rows) {
    const sum = decimal(sums.get(nameOf(row)) ?? "0").plus(decimal(row.quantity));
    sums.set(nameOf(row), sum.toFixed());
  }
  return sums;
}
