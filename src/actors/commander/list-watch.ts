import { AskFailure } from "../../runtime/ask-failure.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";

export interface ListWatchDeps {
  readonly machineClock: Clock;
  /** The revision of the stored watchlist; may wait out a database that is away. */
  readonly revision: () => Promise<string>;
  readonly onChange: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** The list may be changed through another hub: it is looked at this often, machine ms. */
const EVERY_MS = 2_000;

/** Notices when the stored watchlist is not what it was, through whichever hub it was changed. */
export class ListWatch {
  readonly #deps: ListWatchDeps;
  #known: string | undefined;
  #cancel: Cancel = () => undefined;
  #isOver = false;

  constructor(deps: ListWatchDeps) {
    this.#deps = deps;
  }

  /** Takes the list as it is now for what is known. Read the list after this, not before. */
  async start(): Promise<void> {
    this.#known = await this.#deps.revision();
    this.#later();
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #later(): void {
    if (this.#isOver) return;
    this.#cancel = this.#deps.machineClock.after(EVERY_MS, () => {
      this.#look().then(() => this.#later(), this.#deps.onFailure);
    });
  }

  async #look(): Promise<void> {
    try {
      const revision = await this.#deps.revision();
      if (revision === this.#known || this.#isOver) return;
      this.#known = revision;
      this.#deps.onChange();
    } catch (error) {
      // Whoever reads it is restarting; the next look finds it.
      if (!(error instanceof AskFailure)) throw error;
    }
  }
}
