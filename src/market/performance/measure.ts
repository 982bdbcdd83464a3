import { EQUITY_FIGURES } from "./canonical/equity.ts";
import { TRADE_FIGURES } from "./canonical/trades.ts";
import type { Definition, Reason, Unit } from "./definition.ts";
import { type Facts, factsOf, type Measured } from "./facts.ts";
import { FT_DRAWDOWN_FIGURES } from "./freqtrade/drawdown.ts";
import { FT_RATIO_FIGURES } from "./freqtrade/ratios.ts";
import { FT_TRADE_FIGURES } from "./freqtrade/trades.ts";
import { PER_TRADE_FIGURES } from "./per-trade.ts";

/** Every figure there is; docs/performance-figures.md has a line for each. */
export const DEFINITIONS: readonly Definition[] = [
  ...EQUITY_FIGURES,
  ...TRADE_FIGURES,
  ...PER_TRADE_FIGURES,
  ...FT_TRADE_FIGURES,
  ...FT_DRAWDOWN_FIGURES,
  ...FT_RATIO_FIGURES,
];

/** A figure as it is published. */
export interface Figure {
  readonly definitionId: string;
  readonly unit: Unit;
  /** A finite number, or null with a reason. */
  readonly value: number | null;
  readonly reason: Reason | null;
  /** How many closed trades or daily returns it was found from. */
  readonly n: number;
  /** What they lie between, UTC ms. */
  readonly from: number;
  readonly to: number;
}

/** Measures one period by all definitions: the same for live, paper and replay. */
export function measure(measured: Measured): readonly Figure[] {
  const facts = factsOf(measured);
  return DEFINITIONS.map((definition) => figureOf(definition, facts, measured));
}

function figureOf({ id, unit, of, find }: Definition, facts: Facts, measured: Measured): Figure {
  const found = find(facts);
  const isValue = typeof found === "number" && Number.isFinite(found);
  const reason = typeof found === "number" ? "not_finite" : found;
  return {
    definitionId: id,
    unit,
    value: isValue ? found : null,
    reason: isValue ? null : reason,
    ...spanOf(of, facts, measured),
  };
}

function spanOf(
  of: Definition["of"],
  { totals, curve }: Facts,
  { from, to }: Measured,
): Pick<Figure, "n" | "from" | "to"> {
  if (of === "trades") return { n: totals.count, from, to };
  const first = curve?.points[0]?.at ?? from;
  return { n: curve?.returns.length ?? 0, from: first, to: curve?.points.at(-1)?.at ?? to };
}
