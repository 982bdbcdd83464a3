import type { Series } from "../../market/series.ts";
import { AskFailure } from "../../runtime/ask-failure.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import { FailureError, messageOf } from "../../runtime/errors.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { ChildSpec, Supervisor } from "../../runtime/spec.ts";
import type { HarvesterProtocol, PairAnswer } from "../harvester/protocol.ts";
import { CloseBell } from "./close-bell.ts";

export interface VenuesDeps {
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly closeDelayMs: number;
  readonly heldPairs: (exchange: string) => readonly string[];
  readonly harvester: (exchange: string) => ChildSpec<HarvesterProtocol>;
}

const CHECK_TIMEOUT_MS = 15_000;
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

  readonly #retry: (exchange: string) => void;

  /** @param retry called a while after an exchange could not be opened. */
  constructor(deps: VenuesDeps, supervisor: Supervisor, retry: (exchange: string) => void) {
    this.#deps = deps;
    this.#supervisor = supervisor;
    this.#retry = retry;
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
      this.#open.delete(exchange);
      throw error;
    }
  }

  /** An exchange that cannot be opened is its own trouble: it is tried again, and the others go on. */
  async tryOpen(exchange: string): Promise<Venue | undefined> {
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

  /** Without an answer the wish is believed: an exchange that is away must not hinder its followers. */
  async checkPair({ exchange, pair }: Series): Promise<PairAnswer> {
    const venue = await this.tryOpen(exchange);
    if (venue === undefined) return { kind: "unknown", reason: "cannot be opened" };
    try {
      return await venue.harvester.ask("checkPair", pair, { timeoutMs: CHECK_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof AskFailure)) throw error;
      return { kind: "unknown", reason: messageOf(error) };
    }
  }

  /** The bell of an exchange in use. */
  bell(exchange: string): CloseBell | undefined {
    return this.#bells.get(exchange);
  }

  /** Stops the harvester of an exchange of which nothing is followed any more. */
  async close(exchange: string): Promise<void> {
    this.#bells.get(exchange)?.stop();
    this.#retries.get(exchange)?.();
    this.#bells.delete(exchange);
    this.#open.delete(exchange);
    await this.#supervisor.remove(`harvester:${exchange}`, "nothing is followed there any more");
  }

  stop(): void {
    for (const bell of this.#bells.values()) bell.stop();
    for (const cancel of this.#retries.values()) cancel();
  }

  async #spawn(exchange: string): Promise<Venue> {
    const { clock, closeDelayMs, heldPairs, harvester: specOf } = this.#deps;
    const harvester = await this.#supervisor.spawn(specOf(exchange));
    const bell = new CloseBell(clock, closeDelayMs, ({ timeframe, closeTime }) => {
      harvester.tell("closed", { timeframe, closeTime, heldPairs: heldPairs(exchange) });
    });
    this.#bells.set(exchange, bell);
    return { harvester, bell };
  }
}
