import type { Definition, Finding, Unit } from "../definition.ts";
import type { Facts } from "../facts.ts";

/** A fall of the added-up results from their highest point before. */
interface Fall {
  readonly absolute: number;
  /** As a share of the account at that highest point. */
  readonly share: number;
}

/** Falls of closed trades alone: what is open stays unseen. Two ages of freqtrade differ. */
export const FT_DRAWDOWN_FIGURES: readonly Definition[] = [
  figure("ft.drawdown_abs", "money", (facts) => deepestFall(facts)?.absolute),
  figure("ft.drawdown_account", "fraction", (facts) => deepestFall(facts)?.share),
  figure("ft.drawdown_underwater", "fraction", (facts) => mostUnderwater(facts, 0)),
  figure("ft.drawdown_abs_2024", "money", (facts) => worst(facts, undefined)?.absolute),
  figure("ft.drawdown_account_2024", "fraction", (facts) => worst(facts, undefined)?.share),
  figure("ft.drawdown_underwater_2024", "fraction", (facts) => mostUnderwater(facts, undefined)),
];

/** As freqtrade finds it since 2025: a loss of the first trade counts. */
export function deepestFall(facts: Facts): Fall | undefined {
  return worst(facts, 0);
}

function figure(id: string, unit: Unit, read: (facts: Facts) => number | undefined): Definition {
  const find = (facts: Facts): Finding => {
    if (facts.start === undefined) return "no_equity";
    return read(facts) ?? 0;
  };
  return { id, unit, of: "trades", find };
}

/** The one that is largest in money. */
function worst(facts: Facts, high: number | undefined): Fall | undefined {
  const falls = fallsOf(facts, high);
  return falls.reduce<Fall | undefined>(
    (most, fall) => (most === undefined || fall.absolute > most.absolute ? fall : most),
    undefined,
  );
}

function mostUnderwater(facts: Facts, high: number | undefined): number | undefined {
  const falls = fallsOf(facts, high);
  return falls.reduce((most, { share }) => Math.max(most, share), 0);
}

/** @param beginning the highest point before the first trade; undefined leaves it to that trade. */
function fallsOf({ results, start = 0 }: Facts, beginning: number | undefined): readonly Fall[] {
  let reached = 0;
  let high = beginning ?? Number.NEGATIVE_INFINITY;
  return results.map((result) => {
    reached += result;
    high = Math.max(high, reached);
    const account = start + high;
    const absolute = high - reached;
    return { absolute, share: account > 0 ? absolute / account : 0 };
  });
}
