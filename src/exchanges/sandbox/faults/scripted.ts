import type { Fault } from "./kinds.ts";
import { type Asked, canStrike, type FaultSource, isBetween } from "./source.ts";

/** Which requests a rule is about; what is left out does not matter. */
export interface Scope {
  readonly path?: string | undefined;
  readonly symbol?: string | undefined;
  readonly interval?: string | undefined;
  /** The first call and how many from it on; each path, symbol and interval is counted by itself. */
  readonly fromCall: number;
  readonly calls?: number | undefined;
  /** Since the start and for how long, ms of the exchange's clock. */
  readonly fromMs: number;
  readonly forMs?: number | undefined;
}

export interface Rule {
  readonly fault: Fault;
  readonly scope: Scope;
}

/** Faults by a list of rules; the first that fits decides. */
export function scriptedFaults(rules: readonly Rule[]): FaultSource {
  return (asked) =>
    rules.find(({ fault, scope }) => canStrike(fault.kind, asked) && isWithin(scope, asked))?.fault;
}

function isWithin(scope: Scope, asked: Asked): boolean {
  const isNamed = (["path", "symbol", "interval"] as const).every(
    (name) => scope[name] === undefined || scope[name] === asked[name],
  );
  return (
    isNamed &&
    isBetween(asked.call, scope.fromCall, scope.calls) &&
    isBetween(asked.elapsedMs, scope.fromMs, scope.forMs)
  );
}
