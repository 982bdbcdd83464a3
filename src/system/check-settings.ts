import { StartRefusal } from "../config/refusal.ts";
import type { Settings } from "../config/settings.ts";
import { parseFaultPlan } from "../exchanges/sandbox/index.ts";
import { type RiskLimits, riskLimitsSchema } from "../risk/limits.ts";

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
  parseFaultPlan(settings.sandboxFaults);
  const limits = riskLimitsSchema.safeParse(settings.limits);
  if (limits.success) return limits.data;
  const issue = limits.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `.${issue.path.join(".")}`;
  throw new StartRefusal(`setting limits${where}: ${issue?.message ?? "invalid"}`);
}
