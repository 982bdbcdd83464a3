import { StartRefusal } from "../config/refusal.ts";
import { checkRetention } from "../config/retention.ts";
import type { Settings } from "../config/settings.ts";
import { type RiskLimits, riskLimitsSchema } from "../risk/limits.ts";
import { StrategyPlan } from "./strategy-plan.ts";

/**
 * Checks what the shape of the settings alone cannot tell; answers the Gatekeeper's limits.
 * @throws StartRefusal naming the setting at fault.
 */
export function checkSettings(settings: Settings): RiskLimits {
  if (settings.mode === "live") {
    throw new StartRefusal(
      "HUB_MODE live: no broker for real orders is armed; use paper or sandbox",
    );
  }
  const limits = riskLimitsSchema.safeParse(settings.limits);
  if (limits.success) return limits.data;
  const issue = limits.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `.${issue.path.join(".")}`;
  throw new StartRefusal(`setting limits${where}: ${issue?.message ?? "invalid"}`);
}

/** @throws StartRefusal for strategies that cannot run, or candles that would go while they need them. */
export async function loadStrategies(settings: Settings): Promise<StrategyPlan> {
  const strategies = await StrategyPlan.load(settings);
  checkRetention(settings.retention, (timeframe) =>
    strategies.candlesFor({ exchange: "any", pair: "ANY/ANY", timeframe }),
  );
  return strategies;
}
