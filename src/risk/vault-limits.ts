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

/** Limits of which the larger is the stricter; of all others it is the smaller. */
const FLOORS: ReadonlySet<string> = new Set<keyof RiskLimits>([
  "minDayQuoteVolume",
  "cooldownCandles",
  "minStopFraction",
]);

export type LimitsReading =
  | { readonly kind: "read"; readonly limits: RiskLimits }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * The hub's limits, made stricter by a row of the vault; the hub's own names are understood as well.
 * A row cannot widen what whoever runs the hub allows, and a limit that nobody knows is refused:
 * whoever wrote it believes that it protects.
 */
export function readVaultLimits(
  base: RiskLimits,
  raw: { readonly [name: string]: unknown },
): LimitsReading {
  const changed: Record<string, unknown> = { ...base };
  const written = new Map<string, string>();
  for (const [name, value] of Object.entries(raw)) {
    const limit = NAMES[name] ?? name;
    if (!Object.hasOwn(base, limit)) return refused(name, "is no limit of the hub");
    const other = written.get(limit);
    if (other !== undefined) return refused(name, `says the same as ${other}`);
    written.set(limit, name);
    changed[limit] = value;
  }
  const read = riskLimitsSchema.safeParse(changed);
  if (!read.success) {
    const issue = read.error.issues[0];
    const at = String(issue?.path[0]);
    return refused(written.get(at) ?? at, issue?.message ?? "is not valid");
  }
  const wider = [...written].find(([limit]) => isWider(limit as keyof RiskLimits, read.data, base));
  if (wider !== undefined) {
    const [limit, name] = wider;
    const own = base[limit as keyof RiskLimits];
    return refused(name, `is wider than the hub's own ${own}, which HUB_LIMITS.${limit} sets`);
  }
  const { minStopFraction, maxStopFraction } = read.data;
  if (minStopFraction > maxStopFraction) {
    return refused(written.get("minStopFraction") ?? "maxStopFraction", "leaves no stop between");
  }
  return { kind: "read", limits: read.data };
}

function isWider(limit: keyof RiskLimits, wished: RiskLimits, own: RiskLimits): boolean {
  return FLOORS.has(limit) ? wished[limit] < own[limit] : wished[limit] > own[limit];
}

function refused(name: string, why: string): LimitsReading {
  return { kind: "refused", reason: `risk_limits.${name}: ${why}` };
}
