import type { Maker } from "./make.ts";

export interface ConfigurationFigures {
  readonly running: number;
  readonly refused: number;
  readonly disabled: number;
  /** Since the vault last said what runs, ms; undefined when it never did. */
  readonly ageMs: number | undefined;
  readonly maxAgeMs: number;
}

/** Which configurations run, and how long ago the vault confirmed them. */
export class ConfigurationMetrics {
  readonly #count;
  readonly #age;
  readonly #limit;

  constructor(make: Maker) {
    const help = "Configurations of strategies by what became of them";
    this.#count = make.gauge("engine_strategy_configurations", help, ["state"]);
    this.#age = make.gauge(
      "engine_strategy_configuration_age_seconds",
      "Since the vault last said which strategies run; +Inf when it never did",
    );
    this.#limit = make.gauge(
      "engine_strategy_configuration_age_limit_seconds",
      "Age beyond which no new positions are opened",
    );
    this.set({ running: 0, refused: 0, disabled: 0, ageMs: undefined, maxAgeMs: 0 });
  }

  set({ running, refused, disabled, ageMs, maxAgeMs }: ConfigurationFigures): void {
    this.#count.set({ state: "running" }, running);
    this.#count.set({ state: "refused" }, refused);
    this.#count.set({ state: "disabled" }, disabled);
    this.#age.set(ageMs === undefined ? Number.POSITIVE_INFINITY : ageMs / 1_000);
    this.#limit.set(maxAgeMs / 1_000);
  }
}
