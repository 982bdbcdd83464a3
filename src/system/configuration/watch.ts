import type { HubEvent } from "../../market/events.ts";
import type { SignalConfig } from "../../market/signal.ts";
import type { RiskLimits } from "../../risk/limits.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import { withLimit } from "../../runtime/limit.ts";
import { VaultFailure } from "../../vault/errors.ts";
import type { StrategyRow, Vault } from "../../vault/port.ts";
import type { StrategyPlan } from "../strategy-plan.ts";
import { changesBetween, type NamedChanges } from "./changes.ts";
import { Confirmation } from "./confirmation.ts";
import type { ConfigMemory } from "./memory.ts";
import { type Accepted, type RefusedRow, readRows } from "./rows.ts";

/** What came of asking the vault. */
export type Refresh =
  | { readonly kind: "unchanged" }
  | ({ readonly kind: "changed" } & NamedChanges)
  | { readonly kind: "failed"; readonly reason: string };

export interface ConfigWatchDeps {
  readonly vault: Pick<Vault, "strategies">;
  /** None where the vault is the hub's own. */
  readonly memory: ConfigMemory | undefined;
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
/** What is remembered is confirmed at least this often while nothing changes. Machine ms. */
const MEMORY_EVERY_MS = 300_000;

/**
 * Follows the configuration of strategies at the vault, and has the hub run what it says. What is in
 * use stays in use until the vault says otherwise; a bad row changes nothing but itself.
 */
export class ConfigWatch {
  readonly #deps: ConfigWatchDeps;
  readonly #confirmation: Confirmation;
  #accepted: ReadonlyMap<string, Accepted> = new Map();
  #refused: readonly RefusedRow[] = [];
  #disabled: readonly string[] = [];
  #origin: SignalConfig["origin"] = "settings";
  #refreshing: Promise<Refresh> | undefined;
  #rememberedAtMs = Number.NEGATIVE_INFINITY;
  #timer: Cancel | undefined;
  #isStopped = false;

  constructor(deps: ConfigWatchDeps) {
    this.#deps = deps;
    this.#confirmation = new Confirmation(deps.machineClock);
  }

  /** Takes what the vault says, or else what it said last; then asks again and again. */
  async start(): Promise<void> {
    const { machineClock, memory } = this.#deps;
    const first = withLimit(machineClock, FIRST_LIMIT_MS, "the vault", this.refresh());
    const outcome = await first.catch((error: unknown) => ({ kind: "failed", reason: error }));
    if (outcome.kind === "failed" && !this.#confirmation.isThere) await this.#recall(memory);
    this.#askLater();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.();
  }

  /** Asks the vault now. Never throws: what is in use stays when there is no answer. */
  refresh(): Promise<Refresh> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Limits that hold for the signals of a configuration. */
  limitsOf({ name }: SignalConfig): RiskLimits {
    return this.#accepted.get(name)?.limits ?? this.#deps.limits;
  }

  /** Whether a configuration is one of those that run now. */
  isRunning({ name }: SignalConfig): boolean {
    return this.#deps.plan.configured.some(({ config }) => config.name === name);
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

  async #refresh(): Promise<Refresh> {
    let rows: readonly StrategyRow[];
    try {
      rows = await this.#deps.vault.strategies(CONFIG_SERVICE);
    } catch (error) {
      if (!(error instanceof VaultFailure)) throw error;
      return { kind: "failed", reason: error.message };
    }
    this.#confirmation.now();
    const changes = this.#apply(rows, "vault");
    await this.#remember(changes !== undefined);
    return changes === undefined ? { kind: "unchanged" } : { kind: "changed", ...changes };
  }

  /** Has these rows run; answers what that changed. */
  #apply(rows: readonly StrategyRow[], origin: SignalConfig["origin"]): NamedChanges | undefined {
    const { plan, limits, publish, onChange } = this.#deps;
    const { registry, configured: before } = plan;
    const obstacle = plan.obstacle.bind(plan);
    const context = { registry, limits, obstacle, lastGood: this.#accepted, origin };
    const { accepted, refused, disabled } = readRows(rows, context);
    const known = new Set(this.#refused.map(refusalKey));
    this.#accepted = new Map(accepted.map((one) => [one.row.strategyId, one]));
    this.#refused = refused;
    this.#disabled = disabled;
    this.#origin = rows.length === 0 ? "settings" : origin;
    const after = rows.length === 0 ? plan.fromSettings : accepted.map((one) => one.strategy);
    for (const { name, version, reason } of refused.filter((one) => !known.has(refusalKey(one)))) {
      publish({ kind: "configuration-refused", config: name, version, reason });
    }
    const changes = changesBetween(before, after);
    plan.adopt(after);
    if (changes === undefined) return undefined;
    publish({ kind: "configuration-changed", origin: this.#origin, ...changes });
    onChange();
    return changes;
  }

  async #recall(memory: ConfigMemory | undefined): Promise<void> {
    try {
      const remembered = await memory?.read();
      if (remembered === undefined) return;
      this.#confirmation.at(remembered.confirmedAt);
      this.#apply(remembered.rows, "memory");
    } catch (error) {
      this.#deps.onFailure("the remembered configuration cannot be read", error);
    }
  }

  async #remember(isNews: boolean): Promise<void> {
    const { memory, machineClock, onFailure } = this.#deps;
    const nowMs = machineClock.monotonicMs();
    if (memory === undefined) return;
    if (!isNews && nowMs - this.#rememberedAtMs < MEMORY_EVERY_MS) return;
    this.#rememberedAtMs = nowMs;
    const rows = [...this.#accepted.values()].map(({ row }) => row);
    try {
      await memory.write({ rows, confirmedAt: machineClock.nowMs() });
    } catch (error) {
      onFailure("the configuration cannot be remembered", error);
    }
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
