import type { Cancel } from "./clock.ts";
import type { PendingAsk } from "./pending-ask.ts";
import type { ActorState } from "./spec.ts";

/** Whoever takes messages under a path. */
export interface Addressee {
  readonly id: string;
  readonly state: ActorState;
  /** Never throws; an ask is failed, a tell becomes a dead letter. */
  post(topic: string, message: unknown, ask: PendingAsk | undefined): void;
}

/** Why an actor takes no messages: it ended, or never was. */
const OVER: ReadonlySet<ActorState> = new Set(["parked", "stopping", "stopped"]);

/** All actors of a system by path, and who waits for the end of which. */
export class Registry {
  readonly #addressees = new Map<string, Addressee>();
  readonly #watchers = new Map<string, Set<(reason: string) => void>>();

  add(addressee: Addressee): void {
    this.#addressees.set(addressee.id, addressee);
  }

  remove(addressee: Addressee): void {
    if (this.#addressees.get(addressee.id) === addressee) this.#addressees.delete(addressee.id);
  }

  get(id: string): Addressee | undefined {
    return this.#addressees.get(id);
  }

  /** The actor if it runs, or will again without help. */
  running(id: string): Addressee | undefined {
    const addressee = this.#addressees.get(id);
    return addressee === undefined || OVER.has(addressee.state) ? undefined : addressee;
  }

  /** Calls back once: when the actor ends for good, or soon when it does not run at all. */
  watch(id: string, onEnded: (reason: string) => void): Cancel {
    let isWatching = true;
    const callback = (reason: string): void => {
      if (!isWatching) return;
      isWatching = false;
      onEnded(reason);
    };
    if (this.running(id) === undefined) {
      queueMicrotask(() => callback(`${id} does not run`));
    } else {
      const watchers = this.#watchers.get(id) ?? new Set();
      this.#watchers.set(id, watchers.add(callback));
    }
    return () => {
      isWatching = false;
      const watchers = this.#watchers.get(id);
      watchers?.delete(callback);
      if (watchers?.size === 0) this.#watchers.delete(id);
    };
  }

  /** Tells those who watch that an actor ended for good. */
  ended(id: string, reason: string): void {
    const watchers = this.#watchers.get(id);
    this.#watchers.delete(id);
    for (const callback of watchers ?? []) callback(reason);
  }
}
