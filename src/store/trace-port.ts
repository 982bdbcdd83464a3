import type { Candle } from "../market/candle.ts";
import type { CandleSource } from "../market/events.ts";
import type { Fill, Order } from "../market/order.ts";
import type { Position } from "../market/position.ts";
import type { Origin } from "../market/trace.ts";
import type { GapFate } from "./gap-fate.ts";
import type { QueueItem, SignalRow } from "./trade-port.ts";

/** A stored candle with where it came from. */
interface StoredCandle extends Omit<Candle, "openTime"> {
  readonly source: CandleSource;
  /** 1 for the first try. */
  readonly attempt: number;
  /** 1 until the venue changes it. */
  readonly revision: number;
  /** When the answer was in hand, UTC ms on the hub's clock. */
  readonly fetchedAt: number;
}

/** A candle and all that came of it, read in one snapshot; lists are oldest first. */
export interface Story {
  readonly candle: StoredCandle | null;
  readonly gap: GapFate | null;
  readonly signals: readonly SignalRow[];
  readonly queue: readonly QueueItem[];
  /** Those of its signals, and the stops and targets of the positions these opened. */
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  /** What these orders opened, added to or sold from. */
  readonly positions: readonly Position[];
}

export interface TraceStore {
  story(origin: Origin): Promise<Story>;
}
