import type { DecimalText } from "./decimal.ts";
import type { Series } from "./series.ts";

/**
 * Which way a strategy wants to go. The hub trades spot: a buy opens or adds to a position,
 * a sell closes one and never goes below zero.
 */
export type Side = "buy" | "sell";

/** Which configuration made a strategy run: a row of the vault by its name, or the settings. */
export interface SignalConfig {
  readonly name: string;
  /** Rises with each change of the row; 0 for the settings. */
  readonly version: number;
  /** `memory` is what the vault said last, from before this start. */
  readonly origin: "vault" | "memory" | "settings";
}

/** What a strategy saw, before anybody asked whether it can be traded. */
export interface RawSignal {
  /** Hash of series, open time, strategy and version: re-running a candle gives the same id. */
  readonly id: string;
  readonly series: Series;
  /** Open time of the candle it was seen on, UTC ms. */
  readonly openTime: number;
  /** Close time of that candle, UTC ms; freshness is measured from here. */
  readonly closeTime: number;
  readonly strategy: string;
  readonly strategyVersion: string;
  readonly config: SignalConfig;
  readonly side: Side;
  /** How sure the strategy is, 0 to 1. */
  readonly strength: number;
  /** Close of the candle, quote currency. */
  readonly price: DecimalText;
  /** Price at which a position opened by this signal is given up; below the price of a buy. */
  readonly stopLoss?: DecimalText;
  /** Price at which a position opened by this signal takes its profit; above the price of a buy. */
  readonly takeProfit?: DecimalText;
  /** Indicator values the decision rests on, by name. */
  readonly evidence: Readonly<Record<string, number>>;
  /** When the analyst raised it, UTC ms on the hub's clock. */
  readonly raisedAt: number;
  /** Candles of the window that the exchange has not delivered and may still hold. */
  readonly missingInWindow: number;
}
