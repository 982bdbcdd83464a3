import type { Clock } from "./clock.ts";
import type { Protocol, Ref, TopicName } from "./protocol.ts";

/** What an actor may use of the kit; handed to its factory at each start. */
export interface ActorContext<P extends Protocol> {
  /** The actor's own ref: telling oneself puts work behind what already waits. */
  readonly self: Ref<P>;
  /** The machine's clock, for time limits. */
  readonly clock: Clock;
  /** Aborted when the actor is stopped or restarted; hand it to whatever waits. */
  readonly signal: AbortSignal;
  /**
   * Makes a supervisor for children of this actor. Its children are stopped before this actor is
   * restarted, and the fresh actor makes them again.
   */
  supervise(name: string, spec: SupervisorSpec): Supervisor;
  /** Finds a running or restarting actor by its path. */
  find<Q extends Protocol>(id: string): Ref<Q> | undefined;
  /** Calls back when that actor ends for good: stopped or parked. Returns the way to stop watching. */
  watch(id: string, onEnded: (reason: string) => void): () => void;
  /** Crashes this actor from a timer or a floating promise, as if a handler had thrown. */
  fail(error: unknown): void;
}

/** An actor's behaviour: its handlers, and what happens around them. */
export interface Lifecycle {
  /** Runs before the first message. A throw refuses the start. */
  start?(): void | Promise<void>;
  /** Runs after the last message. Must end within the stop limit. */
  stop?(reason: string): void | Promise<void>;
}

/** What happens to the child after it ended: always again, only after a crash, never. */
type RestartRule = "permanent" | "transient" | "temporary";

export interface MailboxSpec {
  /** Messages that may wait; one more is handled by {@link overflow}. */
  readonly capacity: number;
  /** `reject`: the new message becomes a dead letter. `dropOldest`: the oldest waiting one does. */
  readonly overflow: "reject" | "dropOldest";
}

interface ChildSpecBase<P extends Protocol> {
  /** Name among its siblings, e.g. `harvester:binance`. Unique, without `/` other than a pair's. */
  readonly id: string;
  /** A key per topic: a forgotten or misspelt one does not compile. Nothing else can be sent. */
  readonly topics: { readonly [K in TopicName<P>]: true };
  /** Topics handled many at once, and how many at most. */
  readonly batches?: { readonly [K in TopicName<P>]?: number };
  /**
   * Topics whose handler is started in its turn but not waited for: the next message is handled
   * while it still runs. For long waits that touch no other state. A throw crashes the actor all the same.
   */
  readonly concurrent?: { readonly [K in TopicName<P>]?: true };
  /**
   * Topics that wait until no other message does: bulk work, which must not hold up what is due now.
   * Such a message is overtaken by later ones of other topics.
   */
  readonly patient?: { readonly [K in TopicName<P>]?: true };
  readonly restart?: RestartRule;
  readonly mailbox?: MailboxSpec;
  /** How long a start may take, machine ms. */
  readonly startTimeoutMs?: number;
  /** How long a stop may take, machine ms; after it the child is cut off (forked: killed). */
  readonly stopTimeoutMs?: number;
  /** Restarts of this child alone before it is parked or escalated; else its supervisor's. */
  readonly intensity?: Intensity;
}

/** An actor living in this process. */
export interface LocalSpec<P extends Protocol> extends ChildSpecBase<P> {
  readonly mode?: "in-memory";
  /** Makes a fresh behaviour for each start: no state survives a restart. */
  readonly create: (context: ActorContext<P>) => (object & Lifecycle) | Promise<object & Lifecycle>;
}

/** An actor living in a process of its own. */
export interface ForkedSpec<P extends Protocol> extends ChildSpecBase<P> {
  readonly mode: "forked";
  /** Module whose default export is `(params, context) => behaviour`, async or not. */
  readonly module: URL;
  /** Handed to the module; JSON-safe and without secrets. */
  readonly params?: unknown;
  /** The child is killed when it does not answer a heartbeat in time; machine ms. */
  readonly heartbeat?: { readonly everyMs: number; readonly timeoutMs: number };
  /** JavaScript heap of the process; it is ended beyond that, or when it uses twice as much in all. */
  readonly heapMb?: number;
}

export type ChildSpec<P extends Protocol> = LocalSpec<P> | ForkedSpec<P>;

/** How many restarts within which time are bearable. */
export interface Intensity {
  readonly maxRestarts: number;
  readonly withinMs: number;
}

/** How long to wait before a restart: min, min × factor, … up to max, each ± jitter. */
export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** Share of the wait that is random, 0 to 1. */
  readonly jitterFraction: number;
}

export interface SupervisorSpec {
  /** Who is restarted beside the failed child: nobody, everybody, or those started after it. */
  readonly strategy: "one_for_one" | "one_for_all" | "rest_for_one";
  readonly intensity: Intensity;
  readonly backoff: Backoff;
  /**
   * What happens beyond the intensity. `park`: the child stays down, visible, its siblings never
   * notice. `escalate`: the supervisor's owner fails in turn; at the root, the process ends.
   */
  readonly beyond: "park" | "escalate";
}

export interface Supervisor {
  readonly id: string;
  /**
   * Starts a child and returns its ref once it takes messages. A failing first start rejects; one
   * that the failure of another child ends is made anew.
   */
  spawn<P extends Protocol>(spec: ChildSpec<P>): Promise<Ref<P>>;
  /** Stops a child for good and forgets it. Does nothing for an unknown one. */
  remove(id: string, reason: string): Promise<void>;
  /** Starts a parked child anew, its restarts forgiven. Rejects when it fails again at once. */
  unpark(id: string): Promise<void>;
  has(id: string): boolean;
  /** Stops all children in reverse order of their start. */
  stop(reason: string): Promise<void>;
}

export type ActorState = "starting" | "up" | "backoff" | "parked" | "stopping" | "stopped";

/** A picture of an actor and all below it, as `/api/v1/actors` shows it. */
export interface ActorNode {
  readonly id: string;
  readonly kind: "actor" | "supervisor";
  readonly mode?: "in-memory" | "forked";
  readonly state: ActorState;
  readonly restarts: number;
  readonly mailboxDepth: number;
  readonly lastFailure?: string;
  readonly pid?: number;
  readonly children: readonly ActorNode[];
}

/** What a process uses, since its start or at this moment. */
export interface ProcessFigures {
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  /** Of all cores, user and system, since the start of the process. */
  readonly cpuSeconds: number;
  /** 99 of a hundred delays of its event loop of the last seconds, ms. */
  readonly loopLagP99Ms: number;
}

/** What the kit reports about its actors; metrics, logs and the event stream listen. */
export type KitEvent =
  | { readonly kind: "started"; readonly actor: string; readonly durationMs: number }
  | {
      readonly kind: "restarting";
      readonly actor: string;
      readonly reason: string;
      readonly waitMs: number;
      readonly error?: unknown;
    }
  | { readonly kind: "parked" | "escalated"; readonly actor: string; readonly reason: string }
  | { readonly kind: "stopped"; readonly actor: string; readonly reason: string }
  /** A process of its own answered, with what it uses. */
  | { readonly kind: "beat"; readonly actor: string; readonly figures: ProcessFigures }
  | {
      readonly kind: "dead-letter";
      readonly actor: string;
      readonly topic: string;
      readonly reason: string;
    }
  | {
      readonly kind: "handled";
      readonly actor: string;
      readonly topic: string;
      readonly count: number;
      readonly outcome: "ok" | "failed";
      readonly waitMs: number;
      readonly durationMs: number;
    };

export interface ActorSystemOptions {
  readonly clock: Clock;
  /** 0 ≤ x < 1; spreads the back-off. */
  readonly random: () => number;
  readonly root: SupervisorSpec;
  readonly onEvent?: (event: KitEvent) => void;
  /** What actors in processes of their own may send to whom; everything when left out. */
  readonly mayForkSend?: (to: string, topic: string) => boolean;
  /** Called once when the root gives up. The process should end with a non-zero code. */
  readonly onEscalation: (reason: string) => void;
}

export interface ActorSystem {
  readonly root: Supervisor;
  tree(): ActorNode;
  find<P extends Protocol>(id: string): Ref<P> | undefined;
  /** Stops everything in reverse order of its start; ends within the limit, machine ms. */
  stop(reason: string, timeoutMs: number): Promise<void>;
}
