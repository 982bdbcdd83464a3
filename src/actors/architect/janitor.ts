import type { Retention } from "../../config/retention.ts";
import type { HubEvent } from "../../market/events.ts";
import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import { StoreFailure } from "../../store/errors.ts";
import type { UpkeepStore } from "../../store/upkeep-port.ts";
import { type Chore, choresOf } from "./chores.ts";

export interface JanitorDeps {
  readonly upkeep: UpkeepStore;
  readonly retention: Retention;
  /** The hub's clock: what is old. Candles carry its time, also where it runs sixty times as fast. */
  readonly clock: Clock;
  /** The machine's clock: when to work. */
  readonly machineClock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly publish: (event: HubEvent) => void;
}

const MINUTE_MS = 60_000;
/** The start itself has enough to do. */
const FIRST_AFTER_MS = 2 * MINUTE_MS;
/** So that hubs that start together do not all come at once. */
const SPREAD_MS = 8 * MINUTE_MS;
const EVERY_MS = 24 * 60 * MINUTE_MS;
/** Somebody was in the way, or something failed: that may be over soon. */
const AGAIN_AFTER_MS = 60 * MINUTE_MS;
/** Between two steps; whoever waits for what a step held comes first. */
const PAUSE_MS = 100;

/**
 * Removes what is older than the settings want it, soon after the start and then once a day.
 *
 * Keeps nothing between rounds, and does everything in small steps that may be broken off anywhere.
 * A chore that fails is told and tried again: it is never a reason for its owner to fall.
 */
export class Janitor {
  readonly #deps: JanitorDeps;

  constructor(deps: JanitorDeps) {
    this.#deps = deps;
  }

  /** Works until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let waitMs = FIRST_AFTER_MS;
    while (await this.#slept(waitMs + this.#deps.random() * SPREAD_MS, signal)) {
      waitMs = (await this.#round(signal)) ? EVERY_MS : AGAIN_AFTER_MS;
    }
  }

  /** Does everything that is due; false when some of it has to be tried again. */
  async #round(signal: AbortSignal): Promise<boolean> {
    const { upkeep, retention, clock, publish } = this.#deps;
    const removed = new Map<string, number>();
    let isComplete = true;
    for (const chore of choresOf(upkeep, retention, clock.nowMs())) {
      if (signal.aborted) break;
      try {
        if (!(await this.#finish(chore, removed, signal))) isComplete &&= chore.canWait === true;
      } catch (error) {
        isComplete &&= chore.canWait === true;
        publish({ kind: "upkeep-failed", chore: chore.name, reason: messageOf(error) });
        // Without the database all others would fail alike.
        if (error instanceof StoreFailure && error.fault === "offline") break;
      }
    }
    if (removed.size > 0) {
      publish({ kind: "old-rows-removed", removed: Object.fromEntries(removed) });
    }
    return isComplete;
  }

  /** Takes steps until there is no more to do; false when somebody else was in the way. */
  async #finish(chore: Chore, removed: Map<string, number>, signal: AbortSignal): Promise<boolean> {
    do {
      const step = await chore.step();
      if (step.kind === "busy") return false;
      for (const [what, rows] of Object.entries(step.removed)) {
        if (rows > 0) removed.set(what, (removed.get(what) ?? 0) + rows);
      }
      if (!step.more) return true;
    } while (await this.#slept(PAUSE_MS, signal));
    return true;
  }

  /** Waits; false when there is nothing to wait for any more. */
  #slept(waitMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#deps.machineClock.sleep(waitMs, signal).then(
      () => true,
      () => false,
    );
  }
}
