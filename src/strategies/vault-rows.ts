import { isPair, normalisePair } from "../market/series.ts";
import type { SignalConfig } from "../market/signal.ts";
import { parseTimeframe, TIMEFRAMES, type Timeframe } from "../market/timeframe.ts";
import type { StrategyRow } from "../vault/port.ts";
import type { StrategyRegistry } from "./registry.ts";
import type { ConfiguredStrategy } from "./resolve.ts";

export type RowReading =
  | { readonly kind: "runs"; readonly strategy: ConfiguredStrategy }
  | { readonly kind: "disabled" }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Reads a row: `strategy_type`, or the row's own name, says which strategy it is; `timeframe` or
 * `timeframes` where it runs; everything else among `params` is for the strategy. Its limits are
 * read by those who know about risk.
 */
export function readRow(
  registry: StrategyRegistry,
  row: StrategyRow,
  origin: SignalConfig["origin"],
): RowReading {
  if (!row.enabled) return { kind: "disabled" };
  if (row.flaw !== undefined) return refused(row.flaw);
  const { strategy_type, timeframe, timeframes, ...others } = row.params;
  // Which broker trades is not chosen here; whoever wrote these wrote nothing wrong.
  const { primary_broker_id: _primary, fallback_broker_ids: _fallback, ...rest } = others;
  const id = strategy_type ?? row.strategyId;
  const strategy = typeof id === "string" ? registry.get(id) : undefined;
  if (strategy === undefined) {
    return refused(
      `unknown strategy ${JSON.stringify(id)}, known are ${registry.ids().join(", ")}`,
    );
  }
  const where = readTimeframes(timeframes ?? timeframe);
  if ("reason" in where) return { kind: "refused", ...where };
  const pairs = readPairs(row.symbols);
  if ("reason" in pairs) return { kind: "refused", ...pairs };
  const parameters = strategy.parameters.safeParse(rest);
  if (!parameters.success) {
    const issue = parameters.error.issues[0];
    const at = ["params", ...(issue?.path ?? [])].map(String).join(".");
    return refused(`${at}: ${issue?.message ?? "not valid"}`);
  }
  const { strategyId: name, version } = row;
  return {
    kind: "runs",
    strategy: {
      strategy,
      parameters: parameters.data,
      timeframes: where.timeframes,
      pairs: pairs.pairs,
      config: { name, version, origin },
    },
  };
}

function refused(reason: string): RowReading {
  return { kind: "refused", reason };
}

type Refused = { readonly reason: string };

function readTimeframes(value: unknown): { readonly timeframes: readonly Timeframe[] } | Refused {
  if (value === undefined || value === null) return { timeframes: TIMEFRAMES };
  const wished: readonly unknown[] = Array.isArray(value) ? value : [value];
  const timeframes: Timeframe[] = [];
  for (const one of wished) {
    const known = typeof one === "string" ? parseTimeframe(one) : undefined;
    if (known === undefined)
      return { reason: `params.timeframe: ${JSON.stringify(one)} is not followed` };
    if (!timeframes.includes(known)) timeframes.push(known);
  }
  return timeframes.length === 0 ? { reason: "params.timeframes: names none" } : { timeframes };
}

/** A row that names no pair runs nowhere: an update that leaves the symbols out empties them. */
function readPairs(symbols: readonly unknown[]): { readonly pairs: readonly string[] } | Refused {
  const pairs: string[] = [];
  for (const symbol of symbols) {
    const pair = typeof symbol === "string" ? normalisePair(symbol) : "";
    if (!isPair(pair)) return { reason: `symbols: ${JSON.stringify(symbol)} is no pair` };
    if (!pairs.includes(pair)) pairs.push(pair);
  }
  return pairs.length === 0 ? { reason: "symbols: names no pair" } : { pairs };
}
