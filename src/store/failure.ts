import { StoreFailure } from "./errors.ts";

/** What a database said, on either road. */
export interface Said {
  /** SQLSTATE or PostgREST code; empty when nobody answered. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly message: string;
  /** True when the session ended with it: then it says nothing about the call itself. */
  readonly endsSession?: boolean;
}

/**
 * Classes and codes of answers that may be different a moment later: connection lost, disk full,
 * memory or connections spent, server stopping or starting, time limit, deadlock, a replica that is
 * about to be promoted, a read-only disk, a REST face that is still learning the functions.
 */
const MAY_PASS = /^(08|53|57P|57014|40001|40P01|55P03|25006|58|PGRST00|PGRST202)/;

/**
 * The database is there and does not let the hub in: password changed, key revoked or expired, role
 * or grant taken away. At the start that is the user's to mend. Later it is waited out like an outage,
 * and said as clearly: starting again would not help, and what is owed is not given up.
 */
const SHUT_OUT = /^(28|42501|PGRST30|http-40[13])/;

/** The database itself is gone, and nothing comes of waiting for it. */
const GONE = "3D000";

/**
 * Turns what a database said into a failure. The hub's own refusals carry their code as the hint
 * of a `PTxxx` error, the form that passes through PostgREST and through `pg` alike.
 */
export function failureFrom(fn: string, said: Said, cause?: unknown): StoreFailure {
  const { code, hint, message, endsSession = false } = said;
  if (/^PT\d{3}$/.test(code) && hint !== undefined) {
    return new StoreFailure("refused", hint, `${fn}: ${message}`, cause);
  }
  const isAway = (endsSession && code !== GONE) || MAY_PASS.test(code) || SHUT_OUT.test(code);
  const fault = isAway ? "offline" : "refused";
  return new StoreFailure(fault, code, `${fn}: ${message}`, cause);
}

/** A call that nobody answered; what it asked for may have happened. */
export function unanswered(fn: string, reason: string, message: string): StoreFailure {
  return new StoreFailure("offline", reason, `${fn}: ${message}`);
}
