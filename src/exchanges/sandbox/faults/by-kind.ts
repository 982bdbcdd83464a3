import type { Fault, FaultKind } from "./kinds.ts";

/** What is done about some kinds of faults, each told its own parameters. */
export type ByKind<Args extends readonly unknown[], Result> = {
  readonly [Kind in FaultKind]?: (fault: Extract<Fault, { kind: Kind }>, ...args: Args) => Result;
};

/** Does what a table says about a fault; undefined where it says nothing. */
export function byKind<Args extends readonly unknown[], Result>(
  table: ByKind<Args, Result>,
  fault: Fault | undefined,
  ...args: Args
): Result | undefined {
  if (fault === undefined) return undefined;
  // Each entry takes the fault of its own kind, which the compiler cannot follow through the look-up.
  const work = table[fault.kind] as ((fault: Fault, ...args: Args) => Result) | undefined;
  return work?.(fault, ...args);
}
