import type { Clock } from "./clock.ts";
import type { Stage, StageActor } from "./comedy/stage.ts";
import {
  type ErrorData,
  fromErrorData,
  type Reply,
  type ToParent,
  toErrorData,
} from "./envelope.ts";
import { FailureError } from "./errors.ts";
import { refTo } from "./path-ref.ts";
import type { Topic } from "./protocol.ts";
import type { Registry } from "./registry.ts";
import type { KitEvent } from "./spec.ts";

interface GateKit {
  readonly clock: Clock;
  readonly registry: Registry;
  readonly emit: ((event: KitEvent) => void) | undefined;
  readonly maySend: (to: string, topic: string) => boolean;
}

/** Any topic at all: what a child asks for is checked by the actor it asks. */
type Anything = Record<string, Topic<unknown, unknown>>;

/**
 * Where forked actors call their parent: to reach other actors, and to say that they failed.
 * All forks are made below it, so they are one level deep and know nobody else.
 */
export class Gate {
  readonly #kit: GateKit;
  readonly #stage: Stage;
  readonly #failures = new Map<string, (error: Error) => void>();
  #actor: Promise<StageActor> | undefined;

  constructor(kit: GateKit, stage: Stage) {
    this.#kit = kit;
    this.#stage = stage;
  }

  /** The actor below which forks are made; itself made for the first of them. */
  actor(): Promise<StageActor> {
    this.#actor ??= this.#stage.createGate((envelope) => this.#answer(envelope as ToParent));
    return this.#actor;
  }

  /** Calls back when that forked actor says that it failed. */
  onFailure(id: string, callback: (error: Error) => void): void {
    this.#failures.set(id, callback);
  }

  forget(id: string): void {
    this.#failures.delete(id);
  }

  async #answer(envelope: ToParent): Promise<Reply> {
    switch (envelope.kind) {
      case "tell":
        this.#check(envelope.to, envelope.topic);
        refTo<Anything>(this.#kit, envelope.to).tell(envelope.topic, envelope.message);
        return { ok: true };
      case "ask":
        return this.#ask(envelope);
      case "failed":
        this.#fail(envelope.from, envelope.error);
        return { ok: true };
    }
  }

  async #ask(envelope: ToParent & { kind: "tell" | "ask" }): Promise<Reply> {
    const { to, topic, message, timeoutMs } = envelope;
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    try {
      this.#check(to, topic);
      return { ok: true, value: await refTo<Anything>(this.#kit, to).ask(topic, message, options) };
    } catch (error) {
      return { ok: false, error: toErrorData(error) };
    }
  }

  /** A process of its own may have been taken over: it gets what it needs for its work, and no more. */
  #check(to: string, topic: string): void {
    if (this.#kit.maySend(to, topic)) return;
    const message = `a forked actor may not send ${topic} to ${to}`;
    throw new FailureError("not-for-forks", message, { retry: "never" });
  }

  #fail(from: string, error: ErrorData): void {
    this.#failures.get(from)?.(fromErrorData(error));
  }
}
