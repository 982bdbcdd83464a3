import type { DecimalText } from "../market/decimal.ts";
import type { Halt } from "../market/halt.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Equity } from "../market/portfolio.ts";
import type { Position } from "../market/position.ts";
import type { RawSignal } from "../market/signal.ts";
import type { RiskLimits } from "./limits.ts";

/** A figure with its age in ms on the hub's clock; `undefined` where it could not be had. */
export interface Aged<Value> {
  readonly value: Value;
  readonly ageMs: number;
}

export interface BookSide {
  readonly price: DecimalText;
  readonly quantity: DecimalText;
}

/** Everything the checks look at, taken in one moment. A missing part fails the checks that need it. */
export interface ReviewInput {
  readonly signal: RawSignal;
  readonly portfolio: string;
  /** The exchange's clock, UTC ms. */
  readonly nowMs: number;
  readonly limits: RiskLimits;
  /** What made the strategy run: whether it still does, and how long ago that was confirmed. */
  readonly configuration: {
    readonly isRunning: boolean;
    /** Ms on the machine's clock; undefined when nobody ever confirmed it. */
    readonly ageMs: number | undefined;
    readonly maxAgeMs: number;
  };
  /** All halts that stand. */
  readonly halts: readonly Halt[];
  readonly instrument: Instrument | undefined;
  readonly quote: Aged<{ readonly bid: DecimalText; readonly ask: DecimalText }> | undefined;
  readonly book:
    | Aged<{ readonly bids: readonly BookSide[]; readonly asks: readonly BookSide[] }>
    | undefined;
  readonly day: Aged<{ readonly quoteVolume: DecimalText | null }> | undefined;
  /** Exchange time minus hub time, and how long ago it was measured. */
  readonly clockSkew: Aged<number> | undefined;
  readonly account: {
    readonly currency: string;
    /** Cash that is not reserved. */
    readonly freeCash: DecimalText;
    readonly equity: Equity;
    readonly peakEquity: DecimalText;
    readonly dayStartEquity: DecimalText;
  };
  /** The open position in this pair, if any. */
  readonly position: Position | undefined;
  readonly openPositions: number;
  /** Orders queued or working in this pair, by side. */
  readonly workingBuys: number;
  readonly workingSells: number;
  /** Quote value of all queued or working buys, not yet part of the exposure. */
  readonly workingExposure: DecimalText;
  readonly workingAssetExposure: DecimalText;
  /** Exposure of the signal's portfolio, working buys included, quote currency. */
  readonly portfolioExposure: DecimalText;
  readonly tradesToday: number;
  /** When a position in this pair last ended, UTC ms. */
  readonly lastClosedAt: number | undefined;
}
