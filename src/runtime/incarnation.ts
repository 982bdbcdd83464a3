import type { Cancel, Clock } from "./clock.ts";
import type { StageActor } from "./comedy/stage.ts";
import type { Engine } from "./engine.ts";
import { FailureError, messageOf } from "./errors.ts";
import { ForkedEngine } from "./forked-engine.ts";
import type { Kit, SupervisorNode, SupervisorOwner } from "./kit.ts";
import { withLimit } from "./limit.ts";
import { LocalEngine } from "./local-engine.ts";
import type { Work } from "./mailbox.ts";
import { refTo } from "./path-ref.ts";
import type { Protocol, Ref } from "./protocol.ts";
import type { ActorContext, ChildSpec, Supervisor, SupervisorSpec } from "./spec.ts";

/** One life of an actor, from a start to the end that a stop, a failure or a sibling brings. */
export class Incarnation implements ActorContext<Protocol>, SupervisorOwner {
  readonly self: Ref<Protocol>;
  readonly clock: Clock;
  readonly #kit: Kit;
  readonly #id: string;
  readonly #onFailed: (error: unknown) => void;
  readonly #engine: Engine;
  readonly #supervisors: SupervisorNode[] = [];
  readonly #watches: Cancel[] = [];
  /** Made when it is first asked for: most actors never wait for anything. */
  #abort: AbortController | undefined;
  #endReason: Error | undefined;
  #cutStart: ((reason: unknown) => void) | undefined;
  #end: Promise<void> | undefined;

  /**
   * @param onFailed called at most once, for a failure outside of start and handlers.
   * @param parent where comedy makes a local actor.
   */
  constructor(
    kit: Kit,
    id: string,
    spec: ChildSpec<Protocol>,
    parent: StageActor,
    onFailed: (error: unknown) => void,
  ) {
    this.#kit = kit;
    this.#id = id;
    this.clock = kit.clock;
    this.self = refTo(kit, id);
    this.#onFailed = onFailed;
    const stage = () => kit.stage.createLocal(parent, id);
    this.#engine =
      spec.mode === "forked"
        ? new ForkedEngine(kit, id, spec, (error) => this.fail(error))
        : new LocalEngine(spec, this, stage);
  }

  get work(): Work {
    return this.#engine.work;
  }

  get pid(): number | undefined {
    return this.#engine.pid;
  }

  get supervisors(): readonly SupervisorNode[] {
    return this.#supervisors;
  }

  get stageActor(): StageActor {
    if (this.#engine instanceof LocalEngine) return this.#engine.stageActor;
    throw new Error("a forked actor has no children here");
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#endReason !== undefined) this.#abort.abort(this.#endReason);
    }
    return this.#abort.signal;
  }

  /** @throws what the start threw, what {@link cut} was given, or that the limit passed. */
  start(limitMs: number): Promise<void> {
    const cut = new Promise<never>((_, reject) => {
      this.#cutStart = reject;
    });
    const started = Promise.race([this.#engine.start(), cut]);
    return withLimit(this.#kit.clock, limitMs, `the start of ${this.#id}`, started);
  }

  /**
   * Ends the start: from here on a failure is told to the owner.
   * @throws what made this life fail between its start and now.
   */
  goLive(): void {
    if (this.#endReason !== undefined) throw this.#endReason;
    this.#cutStart = undefined;
  }

  /** Aborts the signal, and a start that is under way. */
  cut(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(messageOf(reason));
    this.#endReason ??= error;
    this.#abort?.abort(error);
    this.#cutStart?.(error);
  }

  supervise(name: string, spec: SupervisorSpec): Supervisor {
    if (this.#endReason !== undefined) {
      throw new FailureError("actor-stopped", `${this.#id} has ended`, { retry: "never" });
    }
    const supervisor = this.#kit.supervise(`${this.#id}/${name}`, spec, this);
    this.#supervisors.push(supervisor);
    return supervisor;
  }

  find<Q extends Protocol>(id: string): Ref<Q> | undefined {
    return this.#kit.registry.running(id) === undefined ? undefined : refTo<Q>(this.#kit, id);
  }

  watch(id: string, onEnded: (reason: string) => void): Cancel {
    // A start that was cut off may run on and come here: nobody would end its watch.
    if (this.#endReason !== undefined) return () => {};
    const cancel = this.#kit.registry.watch(id, (reason) => {
      try {
        onEnded(reason);
      } catch (error) {
        this.fail(error);
      }
    });
    this.#watches.push(cancel);
    return cancel;
  }

  fail(error: unknown): void {
    if (this.#endReason !== undefined) return;
    if (this.#cutStart === undefined) this.#onFailed(error);
    else this.cut(error);
  }

  /**
   * Ends this life: first all below it, then the behaviour, within the limit, then what is left.
   * Never rejects. The same end for everybody who asks.
   */
  end(reason: string, limitMs: number): Promise<void> {
    this.cut(new FailureError("actor-stopped", reason, { retry: "never" }));
    this.#end ??= this.#endAll(reason, limitMs);
    return this.#end;
  }

  async #endAll(reason: string, limitMs: number): Promise<void> {
    for (const cancel of this.#watches) cancel();
    for (const supervisor of this.#supervisors.toReversed()) await supervisor.stop(reason);
    try {
      await withLimit(this.#kit.clock, limitMs, "a stop", this.#engine.stop(reason));
    } catch {
      // A stop that throws or hangs has had its chance; what follows does not depend on it.
    }
    await this.#engine.dispose();
  }
}
