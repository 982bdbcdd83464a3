import type { HubEvent } from "../../market/events.ts";
import type { Series } from "../../market/series.ts";
import type { SignalConfig } from "../../market/signal.ts";
import type { RiskLimits } from "../../risk/limits.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import { withLimit } from "../../runtime/limit.ts";
import { type ConfiguredStrategy, strategiesOn } from "../../strategies/resolve.ts";
import { VaultFailure } from "../../vault/errors.ts";
import type { StrategyRow, Vault } from "../../vault/port.ts";
import type { StrategyPlan } from "../strategy-plan.ts";
import { changesBetween, type NamedChanges } from "./changes.ts";
import { Confirmation } from "./confirmation.ts";
import type { ConfigMemory } from "./memory.ts";
import { Recollection } from "./recollection.ts";
import { type Accepted, type Reading, type RefusedRow, readRows } from "./rows.ts";

/** What came of asking the vault. */
export type Refresh =
  | { readonly kind: "unchanged" }
  | ({ readonly kind: "changed" } & NamedChanges)
  | { readonly kind: "failed"; readonly reason: string };

export interface ConfigWatchDeps {
  readonly vault: Pick<Vault, "strategies">;
  /** Holds the last good rows across starts. */
  readonly memory: ConfigMemory;
  readonly plan: StrategyPlan;
  /** The hub's own limits. */
  readonly limits: RiskLimits;
  readonly machineClock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly everyMs: number;
  /** Told of facts, and that analysts have to think anew. */
  readonly publish: (event: HubEvent) => void;
  readonly onChange: () => void;
  readonly onFailure: (what: string, error: unknown) => void;
}

/** Whose rows these are, at the vault. */
export const CONFIG_SERVICE = "fxshinobi";
/** A start does not wait longer for the vault; it is asked again soon. Machine ms. */
const FIRST_LIMIT_MS = 3_000;

/**
 * Follows the configuration of strategies at the vault, and has the hub run what it says. What is in
 * use stays in use until the vault says otherwise; a bad row changes nothing but itself.
 */
export class ConfigWatch {
  readonly #deps: ConfigWatchDeps;
  readonly #confirmation: Confirmation;
  readonly #recollection: Recollection;
  #accepted: ReadonlyMap<string, Accepted> = new Map();
  #refused: readonly RefusedRow[] = [];
  #disabled: readonly string[] = [];
  #origin: SignalConfig["origin"] = "settings";
  /** The asking that is under way, and the one that follows it. */
  #refreshing: Promise<Refresh> | undefined;
  #next: Promise<Refresh> | undefined;
  #timer: Cancel | undefined;
  #isStopped = false;

  constructor(deps: ConfigWatchDeps) {
    this.#deps = deps;
    const { memory, machineClock, onFailure } = deps;
    this.#confirmation = new Confirmation(machineClock);
    this.#recollection = new Recollection(memory, machineClock, onFailure);
  }

  /** Takes what the vault says, or else what it said last; then asks again and again. */
  async start(): Promise<void> {
    const remembered = await this.#recollection.read();
    // A row that is bad now may have been good in an earlier start.
    if (remembered !== undefined) this.#accepted = this.#read(remembered.rows, "memory").accepted;
    const { machineClock } = this.#deps;
    const first = withLimit(machineClock, FIRST_LIMIT_MS, "the vault", this.refresh());
    const isTold = await first.then(
      ({ kind }) => kind !== "failed",
      () => false,
    );
    // It may have answered a moment ago: nothing is waited for in between.
    if (!isTold && !this.#confirmation.isThere && remembered !== undefined) {
      this.#apply(remembered.rows, remembered.isEmpty, "memory");
      this.#confirmation.at(remembered.confirmedAt);
    }
    this.#askLater();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.();
  }

  /**
   * Asks the vault; what is in use stays when there is no answer. One who asks while it is asked
   * already gets the answer to a later question: what was written a moment ago is in it.
   */
  refresh(): Promise<Refresh> {
    if (this.#refreshing === undefined) return this.#begin();
    this.#next ??= this.#refreshing.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  /** Limits that hold for the signals of a configuration. */
  limitsOf({ name }: SignalConfig): RiskLimits {
    return this.#accepted.get(name)?.limits ?? this.#deps.limits;
  }

  /** Whether a configuration, in this version, runs on a series now. */
  isRunning({ name, version }: SignalConfig, series: Series): boolean {
    return strategiesOn(this.#deps.plan.configured, series).some(
      ({ config }) => config.name === name && config.version === version,
    );
  }

  /** Since the vault last said what runs, machine ms; undefined when nobody knows that it ever did. */
  get ageMs(): number | undefined {
    return this.#confirmation.ageMs;
  }

  /** What runs and why, for people. */
  get standing(): {
    readonly origin: SignalConfig["origin"];
    readonly refused: readonly RefusedRow[];
    readonly disabled: readonly string[];
  } {
    return { origin: this.#origin, refused: this.#refused, disabled: this.#disabled };
  }

  #begin(): Promise<Refresh> {
    this.#next = undefined;
    const asking = this.#ask().finally(() => {
      if (this.#refreshing === asking) this.#refreshing = undefined;
    });
    this.#refreshing = asking;
    return asking;
  }

  async #ask(): Promise<Refresh> {
    let rows: readonly StrategyRow[];
    try {
      rows = await this.#deps.vault.strategies(CONFIG_SERVICE);
    } catch (error) {
      if (!(error instanceof VaultFailure)) throw error;
      return { kind: "failed", reason: error.message };
    }
    const isEmpty = rows.length === 0;
    const changes = this.#apply(rows, isEmpty, "vault");
    this.#confirmation.now();
    const good = [...this.#accepted.values()].map(({ row }) => row);
    const off = rows.filter(({ strategyId }) => this.#disabled.includes(strategyId));
    await this.#recollection.write([...good, ...off], isEmpty);
    return changes === undefined ? { kind: "unchanged" } : { kind: "changed", ...changes };
  }

  /** What the rows come to; nothing is changed by that. */
  #read(
    rows: readonly StrategyRow[],
    origin: SignalConfig["origin"],
  ): Pick<Reading, "refused" | "disabled"> & { readonly accepted: Map<string, Accepted> } {
    const { plan, limits } = this.#deps;
    const { registry } = plan;
    const obstacle = (strategy: ConfiguredStrategy): string | undefined => plan.obstacle(strategy);
    const context = { registry, limits, obstacle, lastGood: this.#accepted, origin };
    const { accepted, ...rest } = readRows(rows, context);
    return { accepted: new Map(accepted.map((one) => [one.row.strategyId, one])), ...rest };
  }

  /**
   * Has these rows run; answers what that changed.
   * @param isEmpty whether the vault has no row at all: then, and only then, the settings rule.
   */
  #apply(
    rows: readonly StrategyRow[],
    isEmpty: boolean,
    origin: SignalConfig["origin"],
  ): NamedChanges | undefined {
    const { plan, publish, onChange } = this.#deps;
    const { accepted, refused, disabled } = this.#read(rows, origin);
    const known = new Set(this.#refused.map(refusalKey));
    const before = plan.configured;
    const after = isEmpty ? plan.fromSettings : [...accepted.values()].map((one) => one.strategy);
    this.#accepted = accepted;
    this.#refused = refused;
    this.#disabled = disabled;
    this.#origin = isEmpty ? "settings" : origin;
    plan.adopt(after);
    for (const { name, version, reason } of refused.filter((one) => !known.has(refusalKey(one)))) {
      publish({ kind: "configuration-refused", config: name, version, reason });
    }
    const changes = changesBetween(before, after);
    if (changes === undefined) return undefined;
    publish({ kind: "configuration-changed", origin: this.#origin, ...changes });
    onChange();
    return changes;
  }

  #askLater(): void {
    const { machineClock, random, everyMs, onFailure } = this.#deps;
    if (this.#isStopped) return;
    // A fifth of spread: the hubs of one vault do not ask in step.
    this.#timer = machineClock.after(everyMs * (0.9 + random() / 5), () => {
      void this.refresh()
        .catch((error: unknown) => onFailure(`the configuration: ${messageOf(error)}`, error))
        .finally(() => this.#askLater());
    });
  }
}

function refusalKey({ name, version, reason }: RefusedRow): string {
  return JSON.stringify([name, version, reason]);
}
