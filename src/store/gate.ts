import type { HubEvent } from "../market/events.ts";
import type { Clock } from "../runtime/clock.ts";
import { StoreFailure } from "./errors.ts";

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/**
 * Runs a database call, and when the database is away, again and again until it is back: what an
 * actor must write is never given up for an outage. Its mailbox holds what comes meanwhile.
 * @throws whatever else goes wrong, and the signal's reason once it is aborted.
 */
export class StoreGate {
  readonly #clock: Clock;
  readonly #publish: (event: HubEvent) => void;
  #offline = false;

  constructor(clock: Clock, publish: (event: HubEvent) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  async run<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
      try {
        const result = await call();
        this.#turn(false, "");
        return result;
      } catch (error) {
        if (!(error instanceof StoreFailure) || error.fault !== "offline") throw error;
        this.#turn(true, error.message);
        await this.#clock.sleep(wait, signal);
      }
    }
  }

  #turn(offline: boolean, reason: string): void {
    if (offline === this.#offline) return;
    this.#offline = offline;
    this.#publish({ kind: "store-changed", state: offline ? "offline" : "ok", reason });
  }
}
