import type { Candle } from "../../market/candle.ts";
import type { Topic } from "../../runtime/protocol.ts";

/** What an analyst can be told. There is one per exchange, pair and timeframe. */
export interface AnalystProtocol {
  /** A new closed candle of its series: the only thing that makes it think. */
  readonly wake: Topic<Wake>;
  /** Its history changed behind it: it starts afresh from the store. */
  readonly reload: Topic<{ readonly reason: string }>;
  /** Answers once its history is loaded. */
  readonly arm: Topic<null, { readonly candles: number; readonly warm: boolean }>;
}

export interface Wake {
  readonly candle: Candle;
  /** When the exchange's answer was in hand, machine ms. */
  readonly answeredAt: number;
  /** True when older candles changed together with it: its window has to come from the store first. */
  readonly afresh: boolean;
}
