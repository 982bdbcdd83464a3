import type { z } from "zod";
import type { Indicators } from "../indicators/port.ts";
import type { Candle } from "../market/candle.ts";
import type { DecimalText } from "../market/decimal.ts";
import type { Timeframe } from "../market/timeframe.ts";

/** What a strategy sees at one closed candle: that candle and what lies behind it, nothing else. */
export interface StrategyView {
  readonly timeframe: Timeframe;
  readonly candle: Candle;
  /** The closed candle `back` candles before this one; 0 is this one. Undefined before the window. */
  candleAt(back: number): Candle | undefined;
}

/** A wish to trade. The hub adds id, series and time to it. */
export interface Wish {
  readonly side: "buy" | "sell";
  /** 0 to 1. */
  readonly strength: number;
  readonly stopLoss?: DecimalText;
  readonly takeProfit?: DecimalText;
  /** Indicator values the wish rests on, by name. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** A strategy at work on one series: it is fed each closed candle once, in order. */
export interface StrategyRun {
  /** Answers a wish, or undefined. Called for every candle; wishes before the warm-up are dropped. */
  onCandle(view: StrategyView): Wish | undefined;
}

/** A strategy: one small file. It keeps no state outside the run that `start` makes. */
export interface Strategy<Parameters = unknown> {
  /** Lower case with dashes, e.g. `ema-cross`. */
  readonly id: string;
  /** Changes with every change of behaviour; part of each signal's id. */
  readonly version: string;
  readonly summary: string;
  /** Shape, limits and defaults of its parameters. */
  readonly parameters: z.ZodType<Parameters>;
  /** Candles it must have seen before a wish counts, for these parameters. */
  warmup(parameters: Parameters): number;
  start(parameters: Parameters, indicators: Indicators): StrategyRun;
}
