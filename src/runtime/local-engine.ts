import { type Behaviour, workOf } from "./behaviour.ts";
import type { StageActor, StagedActor } from "./comedy/stage.ts";
import type { Engine } from "./engine.ts";
import type { Work } from "./mailbox.ts";
import type { Protocol } from "./protocol.ts";
import type { ActorContext, LocalSpec } from "./spec.ts";

/** Runs an actor in this process. */
export class LocalEngine implements Engine {
  readonly pid = undefined;
  readonly #stage: () => PromiseLike<StagedActor>;
  readonly #create: () => Behaviour | Promise<Behaviour>;
  readonly #topics: readonly string[];
  #staged: StagedActor | undefined;
  #behaviour: Behaviour | undefined;
  #work: Work | undefined;
  #isEnding = false;

  constructor(
    spec: LocalSpec<Protocol>,
    context: ActorContext<Protocol>,
    stage: () => PromiseLike<StagedActor>,
  ) {
    this.#create = () => spec.create(context);
    this.#topics = Object.keys(spec.topics);
    this.#stage = stage;
  }

  /** Where this actor's children are made. */
  get stageActor(): StageActor {
    if (this.#staged === undefined) throw new Error("the actor is not on the stage yet");
    return this.#staged.actor;
  }

  get work(): Work {
    if (this.#work === undefined) throw new Error("the actor has not started yet");
    return this.#work;
  }

  async start(): Promise<void> {
    this.#staged = await this.#stage();
    if (this.#isEnding) return this.#staged.destroy();
    const behaviour = await this.#create();
    this.#work = workOf(behaviour, this.#topics);
    if (this.#isEnding) return;
    await behaviour.start?.();
    // Cut off while it started: nobody else will end what it has opened since.
    if (this.#isEnding) await behaviour.stop?.("cut off during its start");
    else this.#behaviour = behaviour;
  }

  async stop(reason: string): Promise<void> {
    this.#isEnding = true;
    const behaviour = this.#behaviour;
    this.#behaviour = undefined;
    await behaviour?.stop?.(reason);
  }

  async dispose(): Promise<void> {
    await this.#staged?.destroy();
  }
}
