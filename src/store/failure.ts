import { StoreFailure } from "./errors.ts";

/** What a database said, on either road. */
export interface Said {
  /** SQLSTATE or PostgREST code; empty when nobody answered. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly message: string;
}

/**
 * Classes and codes of answers that may be different a moment later: connection lost, resources
 * spent, server stopping or starting, time limit, deadlock, a replica that is about to be promoted.
 */
const MAY_PASS = /^(08|53|57P|57014|40001|40P01|55P03|25006|58|PGRST00)/;

/**
 * Turns what a database said into a failure. The hub's own refusals carry their code as the hint
 * of a `PTxxx` error, the form that passes through PostgREST and through `pg` alike.
 */
export function failureFrom(fn: string, said: Said, cause?: unknown): StoreFailure {
  const { code, hint, message } = said;
  if (/^PT\d{3}$/.test(code) && hint !== undefined) {
    return new StoreFailure("refused", hint, `${fn}: ${message}`, cause);
  }
  const fault = MAY_PASS.test(code) ? "offline" : "refused";
  return new StoreFailure(fault, code, `${fn}: ${message}`, cause);
}

/** A call that nobody answered; what it asked for may have happened. */
export function unanswered(fn: string, reason: string, message: string): StoreFailure {
  return new StoreFailure("offline", reason, `${fn}: ${message}`);
}
