import type { Cancel, Clock } from "../../runtime/clock.ts";
import { FailureError } from "../../runtime/errors.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { ChildSpec, Supervisor } from "../../runtime/spec.ts";
import type { HarvesterProtocol } from "../harvester/protocol.ts";
import { CloseBell } from "./close-bell.ts";

export interface VenuesDeps {
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly closeDelayMs: number;
  readonly heldPairs: (exchange: string) => readonly string[];
  readonly harvester: (exchange: string) => ChildSpec<HarvesterProtocol>;
  /** Whether this hub may poll an exchange, this moment. */
  readonly mayPoll: (exchange: string) => boolean;
}

/** After an exchange could not be opened, machine ms. */
const RETRY_MS = 15_000;

/** An exchange that is followed: who fetches, and what tells it when. */
export interface Venue {
  readonly harvester: Ref<HarvesterProtocol>;
  readonly bell: CloseBell;
}

/** The exchanges in use, each with its harvester and its bell. */
export class Venues {
  readonly #deps: VenuesDeps;
  readonly #supervisor: Supervisor;
  readonly #open = new Map<string, Promise<Venue>>();
  readonly #bells = new Map<string, CloseBell>();
  readonly #retries = new Map<string, Cancel>();
  /** Harvesters that are still ending. */
  readonly #closings = new Map<string, Promise<void>>();
  readonly #retry: (exchange: string) => void;
  readonly #onStart: (exchange: string, harvester: Ref<HarvesterProtocol>) => void;

  /**
   * @param retry called a while after an exchange could not be opened.
   * @param onStart told of each harvester that was started for the first time.
   */
  constructor(
    deps: VenuesDeps,
    supervisor: Supervisor,
    retry: (exchange: string) => void,
    onStart: (exchange: string, harvester: Ref<HarvesterProtocol>) => void,
  ) {
    this.#deps = deps;
    this.#supervisor = supervisor;
    this.#retry = retry;
    this.#onStart = onStart;
  }

  /** Starts the harvester of an exchange unless it is there already. */
  async #start(exchange: string): Promise<Venue> {
    const known = this.#open.get(exchange);
    if (known !== undefined) return known;
    const opening = this.#spawn(exchange);
    this.#open.set(exchange, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#open.get(exchange) === opening) this.#open.delete(exchange);
      throw error;
    }
  }

  /**
   * An exchange that cannot be opened is its own trouble: it is tried again, and the others go on.
   * One that is another hub's stays shut.
   */
  async tryOpen(exchange: string): Promise<Venue | undefined> {
    if (!this.#deps.mayPoll(exchange)) return undefined;
    try {
      return await this.#start(exchange);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      this.#retries.get(exchange)?.();
      const again = this.#deps.machineClock.after(RETRY_MS, () => this.#retry(exchange));
      this.#retries.set(exchange, again);
      return undefined;
    }
  }

  /** The bell of an exchange in use. */
  bell(exchange: string): CloseBell | undefined {
    return this.#bells.get(exchange);
  }

  /** Silences the bell of an exchange and stops its harvester. */
  async close(exchange: string, why: string): Promise<void> {
    this.#bells.get(exchange)?.stop();
    this.#retries.get(exchange)?.();
    this.#bells.delete(exchange);
    this.#open.delete(exchange);
    const closing = this.#supervisor.remove(`harvester:${exchange}`, why);
    this.#closings.set(exchange, closing);
    await closing;
  }

  stop(): void {
    for (const bell of this.#bells.values()) bell.stop();
    for (const cancel of this.#retries.values()) cancel();
  }

  async #spawn(exchange: string): Promise<Venue> {
    const { clock, closeDelayMs, heldPairs, harvester: specOf, mayPoll } = this.#deps;
    await this.#closings.get(exchange);
    const harvester = await this.#supervisor.spawn(specOf(exchange));
    if (!mayPoll(exchange)) {
      await this.#supervisor.remove(`harvester:${exchange}`, "let go while it started");
      throw new FailureError("lease-lost", `${exchange} is another hub's`, { retry: "later" });
    }
    this.#onStart(exchange, harvester);
    const bell = new CloseBell(clock, closeDelayMs, ({ timeframe, closeTime }) => {
      if (!mayPoll(exchange)) return;
      harvester.tell("closed", { timeframe, closeTime, heldPairs: heldPairs(exchange) });
    });
    this.#bells.set(exchange, bell);
    return { harvester, bell };
  }
}
