import type { Oversight } from "../../src/actors/trader/overseer.ts";
import type { Halt, HaltOrder } from "../../src/market/halt.ts";
import { riskLimitsSchema } from "../../src/risk/limits.ts";

/** A halt of everything that somebody wanted. */
export function haltOrder(over: Partial<HaltOrder> = {}): HaltOrder {
  const scope = { kind: "global" } as const;
  return { scope, mode: "reduce-only", cause: "operator", by: "ann", reason: "storm", ...over };
}

export function halt(over: Partial<Halt> = {}): Halt {
  return { ...haltOrder(), at: 0, ...over };
}

export const EVERYTHING = { kind: "global" } as const;

/** The hub halts nothing by itself. */
export const CALM: Oversight = {
  limits: riskLimitsSchema.parse({}),
  modes: { dailyLoss: "off", drawdown: "off", staleData: "off", clockSkew: "off" },
  exchanges: () => [],
};
