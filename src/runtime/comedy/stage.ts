import type { ChildProcess } from "node:child_process";
import { createSystem } from "comedy";
import {
  type ComedyActor,
  type ComedyFork,
  type ComedyProxy,
  type ComedySystem,
  dropSignalListeners,
  loseLateAnswers,
  reapFork,
  trimFork,
} from "./internals.ts";
import { launchWorker } from "./launch.ts";
import { failUnanswered } from "./unanswered.ts";

/** Below the machine's usual pauses a child would think its parent dead; above, orphans live on. */
const PING_TIMEOUT_MS = 3_000;

/** One of comedy's actors, as the place below which others are made. */
export type StageActor = Pick<ComedyActor, "createChild">;

/** An actor on the stage, and the way off it. */
export interface StagedActor {
  readonly actor: StageActor;
  destroy(): Promise<void>;
}

/** A forked actor's process as seen from here. */
export interface StagedFork {
  send(envelope: object): Promise<unknown>;
  /** Makes comedy forget it; call when the process is gone. */
  reap(): void;
}

/** Comedy: makes actors, keeps their tree, and talks to those in other processes. */
export class Stage {
  readonly #system: ComedySystem;
  readonly #forks = new Map<string, (fork: ComedyFork) => Promise<void>>();
  readonly #workers = new Set<ChildProcess>();
  readonly #killWorkers = (): void => {
    for (const worker of this.#workers) worker.kill("SIGKILL");
  };
  #forkCount = 0;

  private constructor(system: ComedySystem) {
    this.#system = system;
    const create = system._createForkedActor.bind(system);
    system._createForkedActor = async (definition, parent, config) => {
      const fork = await create(definition, parent, config);
      trimFork(fork);
      loseLateAnswers(fork);
      const launch = this.#forks.get(config.name);
      if (launch !== undefined) fork._createForkedWorker = () => launch(fork);
      return fork;
    };
  }

  static open(): Stage {
    // `test` silences comedy's logger in both processes; a config object keeps it from files.
    const system = createSystem({
      test: true,
      config: Object.create(null) as object,
      pingTimeout: PING_TIMEOUT_MS,
    }) as unknown as ComedySystem;
    dropSignalListeners(system);
    return new Stage(system);
  }

  root(): PromiseLike<StageActor> {
    return this.#system.rootActor();
  }

  /** Makes an actor in this process. Messages reach it by its mailbox, not by comedy. */
  async createLocal(parent: StageActor, name: string): Promise<StagedActor> {
    let actor: StageActor | undefined;
    const proxy = await parent.createChild(
      {
        initialize: (self: ComedyActor) => {
          actor = self;
        },
      },
      { mode: "in-memory", name },
    );
    if (actor === undefined) throw new Error("comedy did not initialize the actor");
    return { actor, destroy: async () => proxy.destroy() };
  }

  /** Makes an actor here that children in other processes can call by the one topic `$`. */
  async createGate(answer: (envelope: unknown) => Promise<unknown>): Promise<StageActor> {
    const root = await this.root();
    let gate: StageActor | undefined;
    const initialize = (self: ComedyActor): void => {
      gate = self;
    };
    await root.createChild({ initialize, $: answer }, { mode: "in-memory", name: "gate" });
    if (gate === undefined) throw new Error("comedy did not initialize the gate");
    return gate;
  }

  /**
   * Makes an actor in a process of its own.
   * @param host compiled module of the actor's host, by absolute path.
   * @param heapMb what the process may use.
   * @param onLaunched gets the process as soon as it is there, long before it is ready.
   */
  async createFork(
    parent: StageActor,
    host: string,
    heapMb: number,
    onLaunched: (worker: ChildProcess, reap: () => void) => void,
  ): Promise<StagedFork> {
    const name = `fork-${++this.#forkCount}`;
    // Comedy takes `//absolute`; a single slash would mean the application's folder.
    const definition = `/${host}`;
    let reap = (): void => {};
    this.#forks.set(name, (fork) => {
      const fail = failUnanswered(fork);
      reap = () => {
        fail(new Error("the child process is gone"));
        reapFork(this.#system, fork);
      };
      return launchWorker(this.#system, fork, { definition, heapMb }, (worker) => {
        this.#guard(worker);
        onLaunched(worker, reap);
      });
    });
    try {
      const proxy: ComedyProxy = await parent.createChild(definition, { mode: "forked", name });
      return { send: async (envelope) => proxy.sendAndReceive("$", envelope), reap };
    } finally {
      this.#forks.delete(name);
    }
  }

  /** Ends every child process at once. */
  killForks(): void {
    this.#killWorkers();
  }

  async close(): Promise<void> {
    this.#killWorkers();
    await this.#system.destroy();
  }

  /** Sees to it that a child process never outlives this one. */
  #guard(worker: ChildProcess): void {
    if (worker.pid === undefined) return;
    if (this.#workers.size === 0) process.on("exit", this.#killWorkers);
    this.#workers.add(worker);
    worker.once("exit", () => {
      this.#workers.delete(worker);
      if (this.#workers.size === 0) process.removeListener("exit", this.#killWorkers);
    });
  }
}
