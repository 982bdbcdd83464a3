import type { Clock } from "../../src/runtime/clock.ts";
import { FailureError } from "../../src/runtime/errors.ts";
import type { Protocol, Ref } from "../../src/runtime/protocol.ts";
import type { ActorContext, ChildSpec, Supervisor } from "../../src/runtime/spec.ts";
import { type Recorder, recorder } from "./recorder.ts";

type AnyRef = Ref<Protocol>;

/** A supervisor whose children are refs that a test hands out. */
export class FakeSupervisor implements Supervisor {
  readonly id: string;
  readonly children = new Map<string, AnyRef>();
  readonly removed: string[] = [];
  readonly #refFor: (id: string) => AnyRef;

  constructor(id: string, refFor: (id: string) => AnyRef) {
    this.id = id;
    this.#refFor = refFor;
  }

  async spawn<P extends Protocol>(spec: ChildSpec<P>): Promise<Ref<P>> {
    await Promise.resolve();
    if (this.children.has(spec.id)) throw failure("duplicate-actor", spec.id);
    const ref = this.#refFor(spec.id);
    this.children.set(spec.id, ref);
    return ref as Ref<P>;
  }

  async remove(id: string): Promise<void> {
    if (this.children.delete(id)) this.removed.push(id);
  }

  async unpark(): Promise<void> {}

  has(id: string): boolean {
    return this.children.has(id);
  }

  async stop(): Promise<void> {
    this.children.clear();
  }
}

/** What an actor is given by the kit, with all of it in a test's hands. */
export class FakeContext<P extends Protocol> implements ActorContext<P> {
  readonly self: Recorder<P> = recorder<P>({}, "self");
  readonly clock: Clock;
  readonly failures: unknown[] = [];
  readonly supervisors: FakeSupervisor[] = [];
  readonly #abort = new AbortController();
  readonly #watchers = new Map<string, (reason: string) => void>();
  readonly #refFor: (id: string) => AnyRef;

  /** @param refFor makes the child of an id; a throw is a failing first start. */
  constructor(clock: Clock, refFor: (id: string) => AnyRef = (id) => recorder({}, id)) {
    this.clock = clock;
    this.#refFor = refFor;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  supervise(name: string): FakeSupervisor {
    const supervisor = new FakeSupervisor(name, this.#refFor);
    this.supervisors.push(supervisor);
    return supervisor;
  }

  find(): undefined {
    return undefined;
  }

  watch(id: string, onEnded: (reason: string) => void): () => void {
    this.#watchers.set(id, onEnded);
    return () => this.#watchers.delete(id);
  }

  fail(error: unknown): void {
    this.failures.push(error);
  }

  /** Stops the actor as its supervisor would. */
  end(): void {
    this.#abort.abort(failure("actor-stopped", "stopped"));
  }

  /** Tells whoever watches that an actor ended for good. */
  ended(id: string): void {
    this.#watchers.get(id)?.("parked");
  }

  /** The children of all supervisors that are there now. */
  children(): string[] {
    return this.supervisors.flatMap((one) => [...one.children.keys()]).toSorted();
  }
}

export function failure(code: string, message: string): FailureError {
  return new FailureError(code, message, { retry: "later" });
}
