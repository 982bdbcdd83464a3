/** What a halt holds back: everything, or what is traded in one place, by one strategy, for one portfolio. */
export type HaltScope =
  | { readonly kind: "global" }
  | { readonly kind: "exchange"; readonly exchange: string }
  | { readonly kind: "pair"; readonly exchange: string; readonly pair: string }
  | { readonly kind: "strategy"; readonly strategy: string }
  | { readonly kind: "portfolio"; readonly portfolio: string };

/**
 * How far a halt goes, mildest first.
 * - `no-entries`: no new position is opened; one that is held may be added to, and sold
 * - `reduce-only`: nothing is bought
 * - `flatten`: nothing is bought, and what is held is sold at once
 * - `quarantine`: no order is sent at all, since what is held is not known
 */
export const HALT_MODES = ["no-entries", "reduce-only", "flatten", "quarantine"] as const;
export type HaltMode = (typeof HALT_MODES)[number];

/** Why a halt stands: somebody wanted it, or the hub found a reason of its own. */
export const HALT_CAUSES = [
  "operator",
  "daily-loss",
  "drawdown",
  "stale-data",
  "clock-skew",
  "reconciliation",
] as const;
export type HaltCause = (typeof HALT_CAUSES)[number];

/** What is to be held back, and why. */
export interface HaltOrder {
  readonly scope: HaltScope;
  readonly mode: HaltMode;
  readonly cause: HaltCause;
  /** Who wants it, for people. */
  readonly by: string;
  readonly reason: string;
}

/** A halt that stands. There is at most one for each scope and cause. */
export interface Halt extends HaltOrder {
  /** UTC ms on the hub's clock. */
  readonly at: number;
}

/** What an order is about, as far as halts ask. */
interface Tradeable {
  readonly exchange: string;
  readonly pair: string;
  readonly strategy: string;
  readonly portfolio: string;
}

/** Writes a scope as one word, e.g. `pair:binance:BTC/USDT`. */
export function scopeKey(scope: HaltScope): string {
  switch (scope.kind) {
    case "global":
      return "global";
    case "exchange":
      return `exchange:${scope.exchange}`;
    case "pair":
      return `pair:${scope.exchange}:${scope.pair}`;
    case "strategy":
      return `strategy:${scope.strategy}`;
    case "portfolio":
      return `portfolio:${scope.portfolio}`;
  }
}

const NAMES: Readonly<Record<HaltScope["kind"], readonly string[]>> = {
  global: [],
  exchange: ["exchange"],
  pair: ["exchange", "pair"],
  strategy: ["strategy"],
  portfolio: ["portfolio"],
};
const SCOPE_KINDS = Object.keys(NAMES) as readonly HaltScope["kind"][];

/** Whether a value of unknown origin is a scope. */
export function isScope(value: unknown): value is HaltScope {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  const kind = SCOPE_KINDS.find((one) => one === value.kind);
  return (
    kind !== undefined && NAMES[kind].every((name) => typeof Reflect.get(value, name) === "string")
  );
}

/** Whether an order lies within a scope. */
export function isWithin(scope: HaltScope, order: Tradeable): boolean {
  switch (scope.kind) {
    case "global":
      return true;
    case "exchange":
      return scope.exchange === order.exchange;
    case "pair":
      return scope.exchange === order.exchange && scope.pair === order.pair;
    case "strategy":
      return scope.strategy === order.strategy;
    case "portfolio":
      return scope.portfolio === order.portfolio;
  }
}

/** The halt that goes farthest, the oldest of those; undefined when there is none. */
export function strictest(halts: readonly Halt[]): Halt | undefined {
  const rank = ({ mode }: Halt): number => HALT_MODES.indexOf(mode);
  return halts.toSorted((a, b) => rank(b) - rank(a) || a.at - b.at)[0];
}

/** The halt of everything that goes farthest; undefined while only parts are held back, or nothing. */
export function globalHalt(halts: readonly Halt[]): Halt | undefined {
  return strictest(halts.filter(({ scope }) => scope.kind === "global"));
}

/**
 * The halt that forbids an order, or undefined when it may be sent.
 * @param isHolding whether anything of the pair is held, so that a buy adds to a position and opens none.
 */
export function forbidding(
  halts: readonly Halt[],
  order: Tradeable & { readonly side: "buy" | "sell" },
  isHolding: boolean,
): Halt | undefined {
  const forbids = ({ mode }: Halt): boolean => {
    if (mode === "quarantine") return true;
    if (order.side === "sell") return false;
    return mode !== "no-entries" || !isHolding;
  };
  return strictest(halts.filter((halt) => isWithin(halt.scope, order) && forbids(halt)));
}

/** The halt because of which a position is to be sold at once; undefined when none wants it. */
export function flattening(halts: readonly Halt[], position: Tradeable): Halt | undefined {
  const here = halts.filter(({ scope }) => isWithin(scope, position));
  if (here.some(({ mode }) => mode === "quarantine")) return undefined;
  return here.find(({ mode }) => mode === "flatten");
}
