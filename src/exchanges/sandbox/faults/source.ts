import { FAULT_KINDS, type Fault, type FaultKind } from "./kinds.ts";

/** The path under which orders are counted: the broker is no part of the HTTP face. */
export const ORDERS = "order";

/** What may go wrong: a request, or an order. */
export interface Asked {
  /** E.g. `/api/v3/klines`; {@link ORDERS} for an order. */
  readonly path: string;
  /** As the venue writes it, where the request names one. */
  readonly symbol: string | undefined;
  readonly interval: string | undefined;
  /** How many of the same path, symbol and interval came before. */
  readonly call: number;
  /** Time since the start, ms of the exchange's clock. */
  readonly elapsedMs: number;
}

/** Decides for each request whether and how it goes wrong; undefined leaves it alone. */
export type FaultSource = (asked: Asked) => Fault | undefined;

/** Whether a kind of fault can happen to what was asked. */
export function canStrike(kind: FaultKind, { path }: Asked): boolean {
  switch (FAULT_KINDS[kind].strikes) {
    case "candles":
      return path === "/api/v3/klines";
    case "time":
      return path === "/api/v3/time";
    case "orders":
      return path === ORDERS;
    case "any":
      return path !== ORDERS;
  }
}

/** Whether a number is one of those from `from` on; of all of them when there is no length. */
export function isBetween(value: number, from: number, length = Number.POSITIVE_INFINITY): boolean {
  return value >= from && value < from + length;
}
