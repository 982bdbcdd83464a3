import type { Cancel, Clock } from "./clock.ts";

export interface HeartbeatDeps<Answer> {
  /** On which the looks are made. */
  readonly clock: Clock;
  readonly ask: () => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  /** Called at most once, after which nobody is asked any more. */
  readonly onMissed: (cause: Error) => void;
}

/**
 * Asks somebody again and again for a sign of life, one question at a time.
 * Its limit is counted in looks that this process made, not in time that passed: whoever was
 * paused, or busy with something long, finds the answer waiting and must not take it for missing.
 */
export class Heartbeat<Answer> {
  readonly #deps: HeartbeatDeps<Answer>;
  readonly #everyMs: number;
  readonly #mostLooks: number;
  #cancel: Cancel = () => {};
  #isOver = false;
  /** Looks at a question that has no answer yet; undefined while none is out. */
  #looks: number | undefined;

  /**
   * @param everyMs between two looks.
   * @param timeoutMs how long a question may stay without an answer; a whole number of looks.
   */
  constructor(deps: HeartbeatDeps<Answer>, everyMs: number, timeoutMs: number) {
    this.#deps = deps;
    this.#everyMs = everyMs;
    this.#mostLooks = Math.ceil(timeoutMs / everyMs);
    this.#wait();
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #wait(): void {
    this.#cancel = this.#deps.clock.after(this.#everyMs, () => this.#look());
  }

  #look(): void {
    if (this.#looks === undefined) this.#ask();
    else if (++this.#looks >= this.#mostLooks) {
      this.#miss(new Error(`no answer within ${this.#looks} looks ${this.#everyMs} ms apart`));
      return;
    }
    this.#wait();
  }

  #ask(): void {
    this.#looks = 0;
    this.#deps.ask().then(
      (answer) => {
        this.#looks = undefined;
        if (!this.#isOver) this.#deps.onAnswer(answer);
      },
      (error: unknown) => this.#miss(error as Error),
    );
  }

  #miss(cause: Error): void {
    if (this.#isOver) return;
    this.stop();
    this.#deps.onMissed(cause);
  }
}
