import type { AskFailureCode } from "./ask-failure.ts";
import type { Clock } from "./clock.ts";
import { PendingAsk } from "./pending-ask.ts";
import type { AskOptions, Protocol, Ref } from "./protocol.ts";
import type { Addressee, Registry } from "./registry.ts";
import type { KitEvent } from "./spec.ts";

interface RefKit {
  readonly clock: Clock;
  readonly registry: Registry;
  readonly emit: ((event: KitEvent) => void) | undefined;
}

const NOBODY: AskFailureCode = "actor-stopped";

/**
 * An actor's path with whoever last lived there. It outlives restarts of the actor and of the
 * actors above it: when a fresh owner makes the actor again, the ref finds the new one.
 */
class PathRef {
  readonly id: string;
  readonly #kit: RefKit;
  #addressee: Addressee | undefined;

  constructor(kit: RefKit, id: string) {
    this.#kit = kit;
    this.id = id;
  }

  tell(topic: string, message: unknown): void {
    const addressee = this.#find();
    if (addressee !== undefined) {
      addressee.post(topic, message, undefined);
      return;
    }
    this.#kit.emit?.({ kind: "dead-letter", actor: this.id, topic, reason: "no such actor" });
  }

  ask(topic: string, message: unknown, options?: AskOptions): Promise<unknown> {
    return PendingAsk.send(this.#kit.clock, `${this.id}.${topic}`, options, (ask) => {
      const addressee = this.#find();
      if (addressee !== undefined) {
        addressee.post(topic, message, ask);
        return;
      }
      ask.fail(NOBODY, "no such actor");
      this.#kit.emit?.({ kind: "dead-letter", actor: this.id, topic, reason: "no such actor" });
    });
  }

  #find(): Addressee | undefined {
    if (this.#addressee === undefined || this.#addressee.state === "stopped") {
      this.#addressee = this.#kit.registry.get(this.id);
    }
    return this.#addressee;
  }
}

/** A ref to whoever lives at a path, now or later. */
export function refTo<P extends Protocol>(kit: RefKit, id: string): Ref<P> {
  // Which topics P has is known to the compiler only: the actor itself checks what it is sent.
  return new PathRef(kit, id) as unknown as Ref<P>;
}
