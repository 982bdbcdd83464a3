import type { HubEvent } from "../market/events.ts";
import type { Clock } from "../runtime/clock.ts";
import { StoreFailure } from "./errors.ts";

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/**
 * Runs database calls, and when the database is away, again and again until it is back: what an
 * actor must write is never given up for an outage. Its mailbox holds what comes meanwhile.
 *
 * The actors of a hub share one gate, so that an outage is told once: it begins with the first call
 * that does not get through, and ends when one does and nobody waits any more. A database that only
 * reads, its disk being full, is away for as long as somebody waits to write.
 */
export class StoreGate {
  readonly #clock: Clock;
  readonly #publish: (event: HubEvent) => void;
  #isOffline = false;
  #reason: string | null = null;
  /** Calls that wait to be tried again. */
  #waiting = 0;

  constructor(clock: Clock, publish: (event: HubEvent) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  /**
   * What the last call in vain met; null while the database is not away. It changes in the course of
   * an outage: that a connection broke is known before why it did.
   */
  get reason(): string | null {
    return this.#reason;
  }

  /**
   * @param call may be several calls that belong together; all of them are made again, so that what
   * was decided on what was read before an outage is decided afresh after it.
   * @throws whatever else goes wrong, and the signal's reason once it is aborted.
   */
  async run<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    let result = await this.#attempt(call);
    if (result instanceof StoreFailure) {
      this.#waiting += 1;
      try {
        for (let wait = FIRST_WAIT_MS; result instanceof StoreFailure; wait *= 2) {
          this.#turn(true, result.message);
          await this.#clock.sleep(Math.min(LONGEST_WAIT_MS, wait), signal);
          result = await this.#attempt(call);
        }
      } finally {
        this.#waiting -= 1;
      }
    }
    if (this.#waiting === 0) this.#turn(false, "");
    return result;
  }

  /** The call's result, or why the database was not there for it. */
  async #attempt<T>(call: () => Promise<T>): Promise<T | StoreFailure> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof StoreFailure && error.fault === "offline") return error;
      throw error;
    }
  }

  #turn(isOffline: boolean, reason: string): void {
    this.#reason = isOffline ? reason : null;
    if (isOffline === this.#isOffline) return;
    this.#isOffline = isOffline;
    this.#publish({ kind: "store-changed", state: isOffline ? "offline" : "ok", reason });
  }
}
