import type { Series } from "../../market/series.ts";

/** What is wrong with a candle's proof, or with the candle. */
export type Fault =
  /** The row is not what its hash was made of. */
  | { readonly kind: "altered" }
  /** Rows of the chain are gone before this one. */
  | { readonly kind: "missing-before"; readonly seq: number }
  /** Two rows claim the same place. */
  | { readonly kind: "place-taken"; readonly seq: number }
  /** The chain does not end where the series says it does: its newest rows are gone or changed. */
  | { readonly kind: "wrong-end"; readonly expectedSeq: number; readonly foundSeq: number }
  | { readonly kind: "wrong-count"; readonly expected: number; readonly found: number }
  | { readonly kind: "misaligned" }
  /** High, low, open, close or volume contradict each other. */
  | { readonly kind: "impossible" }
  /** It was fetched before it was closed. */
  | { readonly kind: "not-closed"; readonly fetchedAt: number }
  /** It is not what the candles of a shorter timeframe add up to. */
  | {
      readonly kind: "not-the-sum";
      readonly of: Series["timeframe"];
      readonly field: "open" | "high" | "low" | "close" | "volume";
      readonly expected: number;
      readonly found: number;
    };

/** A fault and the candle it was found at. */
export interface Finding {
  /** Open time of the candle, UTC ms; null when it concerns the series as a whole. */
  readonly openTime: number | null;
  /** Which form of the candle. */
  readonly revision: number;
  readonly fault: Fault;
}

/** The fault in words. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case "altered":
      return "the row does not fit its hash: it was altered after it was written";
    case "missing-before":
      return `row ${fault.seq} of the chain, right before this one, is gone`;
    case "place-taken":
      return `another row has the same place ${fault.seq} in the chain`;
    case "wrong-end":
      return `the chain ends at row ${fault.foundSeq} and should end at row ${fault.expectedSeq} with another hash`;
    case "wrong-count":
      return `the series counts ${fault.expected} candles and has ${fault.found}`;
    case "misaligned":
      return "it opens between the grid lines of its timeframe";
    case "impossible":
      return "its prices or its volume contradict each other";
    case "not-closed":
      return `it was fetched at ${new Date(fault.fetchedAt).toISOString()}, before it was closed`;
    case "not-the-sum":
      return `its ${fault.field} is ${fault.found}, and its ${fault.of} candles come to ${fault.expected}`;
  }
}
