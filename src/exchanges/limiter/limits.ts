/** What a venue lets one address ask for. Times are ms of the clock handed to the limiter. */
export interface VenueLimits {
  /** Weight that may be spent in any one window. */
  readonly budget: number;
  /** Length of a window, ms. */
  readonly windowMs: number;
  /** Least time between two starts per unit of weight, ms; for venues that count calls a second. */
  readonly spacingMs?: number;
}

/**
 * Whose calls one limiter hands the budget to: everybody's from this address, or where a harvester has
 * a process of its own, that process's candles or all the rest.
 */
export type BudgetPart = "all" | "candles" | "rest";

const CANDLES_SHARE = 0.6;

/** Of a venue's limits, what falls to a part of its calls. Both parts together keep to the whole. */
export function limitsFor(part: BudgetPart, limits: VenueLimits): LimiterSettings {
  if (part === "all") return limits;
  const { budget, windowMs, spacingMs = 0 } = limits;
  const share = part === "candles" ? CANDLES_SHARE : 1 - CANDLES_SHARE;
  const some = { budget: budget * share, windowMs, spacingMs: spacingMs / share };
  // Where nothing but candles is asked for, nothing is held back for anything else.
  return part === "candles" ? { ...some, reserveShare: 0 } : some;
}

/** How the limiter hands out a venue's budget. */
export interface LimiterSettings extends VenueLimits {
  /**
   * Share of the budget that only orders, account calls and quotes may touch, 0 to 1.
   * @default 0.2: a full round of candles must not keep an order waiting for the next window.
   */
  readonly reserveShare?: number;
  /** Calls under way at once. @default 20, about what one keep-alive pool carries well. */
  readonly maxInFlight?: number;
  /** Calls that may wait; past it the least urgent is turned away. @default 5000 */
  readonly maxWaiting?: number;
  /** Longest wait of one call, ms. @default two windows, at least a minute: then its answer is stale. */
  readonly maxWaitMs?: number;
}

/** Settings with every default filled in. */
export type CompleteSettings = Required<LimiterSettings>;

const MINUTE_MS = 60_000;

/**
 * Fills in what was left out.
 * @throws RangeError for a budget, window or share that no call could ever pass.
 */
export function completeSettings(given: LimiterSettings): CompleteSettings {
  const { budget, windowMs, spacingMs = 0, reserveShare = 0.2 } = given;
  if (!(budget > 0) || !(windowMs > 0))
    throw new RangeError("budget and window must be above zero");
  if (!(reserveShare >= 0 && reserveShare < 1))
    throw new RangeError("reserve share is 0 to below 1");
  const { maxInFlight = 20, maxWaiting = 5_000 } = given;
  const { maxWaitMs = Math.max(2 * windowMs, MINUTE_MS) } = given;
  return { budget, windowMs, spacingMs, reserveShare, maxInFlight, maxWaiting, maxWaitMs };
}
