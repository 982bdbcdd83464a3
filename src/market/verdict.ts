import type { DecimalText } from "./decimal.ts";

/** What one check measured, against which limit, on data how old. */
export interface CheckResult {
  /** Stable name, e.g. `spread`; also the reason code of a refusal. */
  readonly check: string;
  readonly passed: boolean;
  /** The figure measured, in the unit that {@link unit} names; null when it could not be had. */
  readonly measured: number | string | null;
  readonly limit: number | string | null;
  /** Unit of measured and limit, e.g. `fraction`, `quote`, `ms`, `count`. */
  readonly unit: string;
  /** Age of the data used, ms on the hub's clock; null when the check uses none. */
  readonly dataAgeMs: number | null;
  /** One sentence for people. */
  readonly detail: string;
}

interface VerdictBase {
  readonly signalId: string;
  readonly portfolio: string;
  readonly checks: readonly CheckResult[];
  /** When it was given, UTC ms on the hub's clock. */
  readonly decidedAt: number;
}

/** The Gatekeeper's answer to one signal. A refusal names every check that failed. */
export type Verdict =
  | (VerdictBase & {
      readonly decision: "accepted";
      /** Size to trade, base asset. */
      readonly quantity: DecimalText;
      /** Quote currency set aside for it, fees included; zero for a sell. */
      readonly reservedQuote: DecimalText;
    })
  | (VerdictBase & { readonly decision: "refused"; readonly reasons: readonly string[] });
