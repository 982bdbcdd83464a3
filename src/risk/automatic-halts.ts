import { decimal } from "../market/decimal.ts";
import type { HaltCause, HaltMode, HaltScope } from "../market/halt.ts";
import type { Account } from "../market/portfolio.ts";
import type { Aged } from "./input.ts";
import type { RiskLimits } from "./limits.ts";

/** Which dangers halt trading without anybody's doing, and how far each of these halts goes. */
export interface AutomaticHalts {
  readonly dailyLoss: AutomaticMode;
  readonly drawdown: AutomaticMode;
  readonly staleData: AutomaticMode;
  readonly clockSkew: AutomaticMode;
}
/** A quarantine is for what is not known, which none of these is. */
type AutomaticMode = Exclude<HaltMode, "quarantine"> | "off";

/** What the hub sees of its account and its exchanges. */
export interface Situation {
  readonly account: Account;
  /** The account marked to market; undefined while something held has no price. */
  readonly equity: string | undefined;
  /** Start of the UTC day, UTC ms. */
  readonly dayStart: number;
  readonly exchanges: readonly ExchangeSituation[];
}

export interface ExchangeSituation {
  readonly exchange: string;
  /** Exchange time minus hub time, ms; undefined while it was not measured. */
  readonly clockSkew: Aged<number> | undefined;
  /** Why none of its candles can be trusted to be the newest; null when they can, undefined when nobody knows. */
  readonly stale: string | null | undefined;
}

/** One danger, as it was found now. */
export interface Danger {
  readonly scope: HaltScope;
  readonly cause: Exclude<HaltCause, "operator" | "reconciliation">;
  readonly mode: AutomaticMode;
  /** Why it is one; null when there is none, undefined when that is not known and nothing is to change. */
  readonly reason: string | null | undefined;
  /**
   * What ends the halt: that the danger is over, the next UTC day, or somebody's hand alone. A loss that
   * is partly made good within the day is no reason to go on with what made it.
   */
  readonly ends: "when-over" | "next-day" | "by-hand";
}

/** Looks for every danger, found or not. Pure. */
export function dangersOf(
  situation: Situation,
  limits: RiskLimits,
  modes: AutomaticHalts,
): readonly Danger[] {
  const { account, equity, dayStart, exchanges } = situation;
  const scope = { kind: "global" } as const;
  // Until the day's first mark, the loss since its start is not known.
  const today = account.dayStart === dayStart ? account.dayStartEquity : undefined;
  return [
    {
      scope,
      cause: "daily-loss",
      mode: modes.dailyLoss,
      reason: fallReason(today, equity, limits.maxDailyLossFraction, "since the day began"),
      ends: "next-day",
    },
    {
      scope,
      cause: "drawdown",
      mode: modes.drawdown,
      reason: fallReason(account.peakEquity, equity, limits.maxDrawdownFraction, "from the peak"),
      ends: "by-hand",
    },
    ...exchanges.flatMap((exchange) => dangersAt(exchange, limits, modes)),
  ];
}

function dangersAt(
  { exchange, clockSkew, stale }: ExchangeSituation,
  limits: RiskLimits,
  modes: AutomaticHalts,
): readonly Danger[] {
  const common = { scope: { kind: "exchange", exchange }, ends: "when-over" } as const;
  return [
    { ...common, cause: "stale-data", mode: modes.staleData, reason: stale },
    {
      ...common,
      cause: "clock-skew",
      mode: modes.clockSkew,
      reason: skewReason(clockSkew, limits),
    },
  ];
}

function fallReason(
  from: string | undefined,
  now: string | undefined,
  limitFraction: number,
  since: string,
): string | null | undefined {
  if (from === undefined || now === undefined || !decimal(from).gt(0)) return undefined;
  const lost = decimal(from).minus(decimal(now)).div(decimal(from)).toNumber();
  if (lost < limitFraction) return null;
  return `equity fell by ${percent(lost)} ${since}, the limit is ${percent(limitFraction)}`;
}

function skewReason(
  skew: Aged<number> | undefined,
  { maxClockSkewMs, maxClockSkewAgeMs }: RiskLimits,
): string | null | undefined {
  if (skew === undefined || skew.ageMs > maxClockSkewAgeMs) return undefined;
  const { value } = skew;
  if (Math.abs(value) <= maxClockSkewMs) return null;
  return `the exchange's clock is ${value} ms ahead of ours, the limit is ${maxClockSkewMs} ms`;
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}
