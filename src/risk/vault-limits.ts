import { type RiskLimits, riskLimitsSchema } from "./limits.ts";

/**
 * What the vault calls the limits that it shares with the hub. Both size and loss are shares of the
 * account, above 0 and at most 1.
 */
const NAMES: Readonly<Record<string, keyof RiskLimits>> = {
  max_position_size: "stakeFraction",
  max_daily_loss: "maxDailyLossFraction",
  max_trades_per_day: "maxTradesPerDay",
  max_open_positions: "maxOpenPositions",
  max_drawdown: "maxDrawdownFraction",
};

export type LimitsReading =
  | { readonly kind: "read"; readonly limits: RiskLimits }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * The hub's limits with those of a row of the vault over them; the hub's own names are understood as
 * well. A limit that nobody knows is refused: whoever wrote it believes that it protects.
 */
export function readVaultLimits(
  base: RiskLimits,
  raw: { readonly [name: string]: unknown },
): LimitsReading {
  const changed: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(raw)) {
    const limit = NAMES[name] ?? name;
    if (!Object.hasOwn(base, limit)) return refused(name, "is no limit of the hub");
    changed[limit] = value;
  }
  const read = riskLimitsSchema.safeParse(changed);
  if (read.success) return { kind: "read", limits: read.data };
  const issue = read.error.issues[0];
  const at = issue?.path[0];
  const name = Object.keys(raw).find((one) => (NAMES[one] ?? one) === at) ?? String(at);
  return refused(name, issue?.message ?? "is not valid");
}

function refused(name: string, why: string): LimitsReading {
  return { kind: "refused", reason: `risk_limits.${name}: ${why}` };
}
