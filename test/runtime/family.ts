import type {
  ActorContext,
  ActorState,
  LocalSpec,
  SupervisorSpec,
} from "../../src/runtime/spec.ts";
import { nextTurn } from "../kit/manual-clock.ts";
import { Counter, type CounterProtocol, counterSpec, setUp } from "./support.ts";

const DAY_MS = 86_400_000;
export const STOP_LIMIT_MS = 200;

/** How a member behaves: what it waits for before it is up, and how long its end takes. */
export interface Nature {
  readonly startMs: number;
  readonly asksItsElders: boolean;
  readonly stopMs: number;
}

/** What may happen to a family: to one of it, or to none while some time passes. */
export type Step =
  | { readonly kind: "spawn" }
  | { readonly kind: "crash" | "break" | "mend" | "unpark" | "remove"; readonly at: number }
  | { readonly kind: "time" | "turns" | "promises"; readonly count: number };

interface Member {
  readonly id: string;
  spawned: "pending" | "up" | "refused";
  context?: ActorContext<CounterProtocol>;
  /** A broken one fails each start. */
  isBroken: boolean;
  /** Crashes while it was up. */
  crashes: number;
  crashedAtMs: number;
}

type World = Awaited<ReturnType<typeof setUp>>;

/** Siblings of which each may wait for those before it when it starts, and may fail at any time. */
export class Family {
  readonly world: World;
  readonly members: Member[] = [];
  /** Who was made anew, in order. */
  readonly starts: string[] = [];
  /** Who was made while one before it was down. */
  readonly early: string[] = [];
  /** Lives that were opened by a start and not yet closed by a stop. */
  open = 0;
  readonly #natures: readonly Nature[];

  private constructor(world: World, natures: readonly Nature[]) {
    this.world = world;
    this.#natures = natures;
  }

  static async below(root: Partial<SupervisorSpec>, natures: readonly Nature[]): Promise<Family> {
    return new Family(await setUp(root), natures);
  }

  async live(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#take(step);
  }

  /** The states of all members that are there. */
  states(): ActorState[] {
    return this.world.system.tree().children.map(({ state }) => state);
  }

  pending(): Member[] {
    return this.members.filter(({ spawned }) => spawned === "pending");
  }

  async #take(step: Step): Promise<void> {
    if ("at" in step) {
      const member = this.members[step.at];
      if (member !== undefined) this.#befall(member, step.kind);
      return;
    }
    switch (step.kind) {
      case "spawn":
        return this.#spawn();
      case "time":
        return this.world.clock.advance(step.count);
      case "turns":
        return times(step.count, nextTurn);
      case "promises":
        return times(step.count, () => Promise.resolve());
    }
  }

  #befall(member: Member, what: "crash" | "break" | "mend" | "unpark" | "remove"): void {
    const { clock, system } = this.world;
    switch (what) {
      case "crash":
        if (this.#stateOf(member) === "up") {
          member.crashes++;
          member.crashedAtMs = clock.monotonicMs();
        }
        member.context?.fail(new Error("planned"));
        return;
      case "remove":
        // Nobody judges the crash of one that is removed.
        member.crashes = 0;
        void system.root.remove(member.id, "not needed");
        return;
      case "unpark":
        system.root.unpark(member.id).catch(() => {});
        return;
      case "break":
      case "mend":
        member.isBroken = what === "break";
    }
  }

  #spawn(): void {
    const nature = this.#natures[this.members.length];
    if (nature === undefined) return;
    const member: Member = {
      id: `child-${this.members.length}`,
      spawned: "pending",
      isBroken: false,
      crashes: 0,
      crashedAtMs: -1,
    };
    const spec = this.#specOf(member, nature, [...this.members]);
    this.members.push(member);
    this.world.system.root.spawn(spec).then(
      () => (member.spawned = "up"),
      () => (member.spawned = "refused"),
    );
  }

  #specOf(
    member: Member,
    { startMs, asksItsElders, stopMs }: Nature,
    elders: readonly Member[],
  ): LocalSpec<CounterProtocol> {
    const { clock, system } = this.world;
    const start = async (): Promise<void> => {
      if (startMs > 0) await clock.sleep(startMs);
      for (const { id } of asksItsElders ? elders : []) {
        await system.find<CounterProtocol>(id)?.ask("read", null, { timeoutMs: DAY_MS });
      }
      if (member.isBroken) throw new Error("is broken");
      this.open++;
    };
    const stop = async (): Promise<void> => {
      this.open--;
      if (stopMs > 0) await clock.sleep(stopMs);
    };
    return {
      ...counterSpec(member.id),
      startTimeoutMs: DAY_MS,
      stopTimeoutMs: STOP_LIMIT_MS,
      create: (context) => {
        member.context = context;
        this.starts.push(member.id);
        if (elders.some((elder) => this.#isDown(elder))) this.early.push(member.id);
        return Object.assign(new Counter(), { start, stop });
      },
    };
  }

  #isDown(member: Member): boolean {
    const state = this.#stateOf(member);
    // Making an actor takes a few turns, and one before it may crash in one of them.
    const isJustCrashed = member.crashedAtMs === this.world.clock.monotonicMs();
    return (state === "backoff" || state === "starting") && !isJustCrashed;
  }

  #stateOf({ id }: Member): ActorState | undefined {
    return this.world.system.tree().children.find((node) => node.id === id)?.state;
  }
}

async function times(count: number, pass: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < count; turn++) await pass();
}
