import type { FaultPlan } from "./plan.ts";
import { scriptedFaults } from "./scripted.ts";
import { seededFaults } from "./seeded.ts";
import type { FaultSource } from "./source.ts";

/** What decides by a plan. */
export function faultSource(plan: FaultPlan): FaultSource {
  return plan.by === "script" ? scriptedFaults(plan.rules) : seededFaults(plan);
}
