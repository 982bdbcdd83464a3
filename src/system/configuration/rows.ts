import type { SignalConfig } from "../../market/signal.ts";
import type { RiskLimits } from "../../risk/limits.ts";
import { readVaultLimits } from "../../risk/vault-limits.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { StrategyRegistry } from "../../strategies/registry.ts";
import type { ConfiguredStrategy } from "../../strategies/resolve.ts";
import { readRow } from "../../strategies/vault-rows.ts";
import type { StrategyRow } from "../../vault/port.ts";

/** A row that was understood, with what follows from it. */
export interface Accepted {
  readonly row: StrategyRow;
  readonly strategy: ConfiguredStrategy;
  readonly limits: RiskLimits;
}

/** A row that was not, and why; an earlier version of it may be running. */
export interface RefusedRow {
  readonly name: string;
  readonly version: number;
  readonly reason: string;
  /** The version that runs in its place; null when none does. */
  readonly running: number | null;
}

/** What the rows of the vault come to. */
export interface Reading {
  readonly accepted: readonly Accepted[];
  readonly refused: readonly RefusedRow[];
  /** Rows that are switched off. */
  readonly disabled: readonly string[];
}

export interface RowsContext {
  readonly registry: StrategyRegistry;
  /** The hub's own limits; a row changes some of them for itself. */
  readonly limits: RiskLimits;
  /** Says why a strategy cannot run although its row is sound; undefined when it can. */
  readonly obstacle: (strategy: ConfiguredStrategy) => string | undefined;
  /** What was understood of each row before, by its name. */
  readonly lastGood: ReadonlyMap<string, Accepted>;
  readonly origin: SignalConfig["origin"];
}

/**
 * Reads all rows, each by itself: a row that cannot be understood changes nothing about the others,
 * and its last good version stays. Pure.
 */
export function readRows(rows: readonly StrategyRow[], context: RowsContext): Reading {
  const accepted: Accepted[] = [];
  const refused: RefusedRow[] = [];
  const disabled: string[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const { strategyId: name, version } = row;
    // The vault has one row of a name; whoever sends two is not believed about the second.
    const read = seen.has(name) ? "a row of this name is there already" : readSafely(row, context);
    if (read === undefined) disabled.push(name);
    else if (typeof read === "object") accepted.push(read);
    else {
      const last = seen.has(name) ? undefined : context.lastGood.get(name);
      if (last !== undefined) accepted.push(last);
      refused.push({ name, version, reason: read, running: last?.row.version ?? null });
    }
    seen.add(name);
  }
  return { accepted, refused, disabled };
}

/** A strategy of somebody's own may throw when it is asked what it needs: that is its row's trouble. */
function readSafely(row: StrategyRow, context: RowsContext): Accepted | string | undefined {
  try {
    return readOne(row, context);
  } catch (error) {
    return `the strategy cannot be set up: ${messageOf(error)}`;
  }
}

/** What a row comes to: nothing when it is switched off; a text says why it cannot be. */
function readOne(row: StrategyRow, context: RowsContext): Accepted | string | undefined {
  const { registry, limits: base, obstacle, origin } = context;
  const reading = readRow(registry, row, origin);
  if (reading.kind === "disabled") return undefined;
  if (reading.kind === "refused") return reading.reason;
  const limits = readVaultLimits(base, row.riskLimits);
  if (limits.kind === "refused") return limits.reason;
  const { strategy } = reading;
  return obstacle(strategy) ?? { row, strategy, limits: limits.limits };
}
