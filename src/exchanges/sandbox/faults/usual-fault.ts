import { z } from "zod";
import { FAULT_KINDS, type Fault, type FaultKind } from "./kinds.ts";

/** A fault of a kind with the usual parameters. */
export function usualFault(kind: FaultKind): Fault {
  const parameters = z.object(FAULT_KINDS[kind].parameters).parse({});
  // The schema of a kind makes what the kind's type says.
  return { kind, ...parameters } as Fault;
}
