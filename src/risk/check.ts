import type { CheckResult } from "../market/verdict.ts";
import type { ReviewInput } from "./input.ts";
import type { Plan } from "./plan.ts";

/** What one look found; the check's own name and unit are added to it. */
export interface Finding {
  readonly passed: boolean;
  readonly measured: number | string | null;
  readonly limit: number | string | null;
  /** Age of the oldest data used, ms; absent when the check uses none that ages. */
  readonly dataAgeMs?: number;
  readonly detail: string;
}

/** One question about a signal. It may throw: what cannot be measured has not passed. */
export interface Check {
  /** Also the reason code of a refusal; stable. */
  readonly name: string;
  /** Unit of measured and limit. */
  readonly unit: "fraction" | "quote" | "base" | "ms" | "count" | "state";
  /** True for checks that guard only the way in: a sell that reduces a position passes them. */
  readonly isEntryOnly: boolean;
  /** @throws Error for input that is missing, malformed or too old. */
  measure(input: ReviewInput, plan: Plan): Finding;
}

/**
 * Runs a check so that it fails closed: a throw, a figure that is not finite and an age that is
 * not a number from zero up are failures of the check, never of the review.
 */
export function guarded(check: Check, input: ReviewInput, plan: Plan): CheckResult {
  const { name, unit } = check;
  try {
    const finding = isSkipped(check, input) ? NOT_APPLICABLE : check.measure(input, plan);
    const { measured, limit, dataAgeMs = null, detail } = finding;
    for (const figure of [measured, limit, dataAgeMs]) {
      if (typeof figure === "number" && !Number.isFinite(figure)) {
        throw new RangeError("a figure is not finite");
      }
    }
    if (dataAgeMs !== null && dataAgeMs < 0)
      throw new RangeError("the age of its data is negative");
    return { check: name, passed: finding.passed, measured, limit, unit, dataAgeMs, detail };
  } catch (error) {
    const why = error instanceof Error ? error.message : "something that is no error was thrown";
    const unknown = { measured: null, limit: null, unit, dataAgeMs: null };
    return { check: name, passed: false, ...unknown, detail: `could not be measured: ${why}` };
  }
}

const NOT_APPLICABLE: Finding = {
  passed: true,
  measured: null,
  limit: null,
  detail: "not applicable to a sell",
};

function isSkipped(check: Check, input: ReviewInput): boolean {
  return check.isEntryOnly && input.signal.side === "sell";
}
