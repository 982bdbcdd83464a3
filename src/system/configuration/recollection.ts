import type { Clock } from "../../runtime/clock.ts";
import type { StrategyRow } from "../../vault/port.ts";
import type { ConfigMemory, Remembered } from "./memory.ts";

/** What is remembered is confirmed at least this often while nothing changes. Machine ms. */
const EVERY_MS = 300_000;

/** Writes down what the vault said, when it is news and now and then; what failed is tried again. */
export class Recollection {
  readonly #memory: ConfigMemory;
  readonly #clock: Clock;
  readonly #onFailure: (what: string, error: unknown) => void;
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  #written: string | undefined;

  constructor(
    memory: ConfigMemory,
    clock: Clock,
    onFailure: (what: string, error: unknown) => void,
  ) {
    this.#memory = memory;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Undefined when there is none; one that cannot be read is none either. */
  async read(): Promise<Remembered | undefined> {
    try {
      return await this.#memory.read();
    } catch (error) {
      this.#onFailure("the remembered configuration cannot be read", error);
      return undefined;
    }
  }

  /** @param rows what is good of them; @param isEmpty whether the vault had none at all. */
  async write(rows: readonly StrategyRow[], isEmpty: boolean): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const content = JSON.stringify([rows, isEmpty]);
    if (content === this.#written && nowMs - this.#writtenAtMs < EVERY_MS) return;
    try {
      await this.#memory.write({ rows, isEmpty, confirmedAt: this.#clock.nowMs() });
      this.#written = content;
      this.#writtenAtMs = nowMs;
    } catch (error) {
      this.#onFailure("the configuration cannot be remembered", error);
    }
  }
}
