import type { ActorNode, ActorState, KitEvent } from "../runtime/spec.ts";
import { actorKind, BoundedLabel, RESTART_REASONS, restartReason } from "./labels.ts";
import { type Maker, seconds } from "./make.ts";

const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];
const STATES: readonly ActorState[] = [
  "starting",
  "up",
  "backoff",
  "parked",
  "stopping",
  "stopped",
];
/** Paths whose kind is remembered, since the kit reports thousands of messages a second. */
const MOST_PATHS = 20_000;

/** Actors by kind, never one by one: a thousand analysts are one label. */
export class ActorMetrics {
  readonly #up;
  readonly #count;
  readonly #restarts;
  readonly #escalations;
  readonly #depth;
  readonly #messages;
  readonly #duration;
  readonly #wait;
  readonly #kinds = new Map<string, string>();
  readonly #kind = new BoundedLabel(40);
  readonly #topic = new BoundedLabel(60);
  readonly #known = new Set<string>();

  constructor(make: Maker) {
    this.#up = make.gauge("engine_actor_up", "1 when every actor of this kind runs", ["actor"]);
    this.#count = make.gauge("engine_actors", "Actors of a kind by their state", [
      "actor",
      "state",
    ]);
    this.#restarts = make.counter("engine_actor_restarts_total", "Restarts by a supervisor", [
      "actor",
      "reason",
    ]);
    this.#escalations = make.counter("engine_actor_escalations_total", "Failures passed up", [
      "actor",
    ]);
    this.#depth = make.gauge(
      "engine_actor_mailbox_depth",
      "Waiting messages in the fullest mailbox of this kind",
      ["actor"],
    );
    this.#messages = make.counter("engine_actor_messages_total", "Messages handled or lost", [
      "actor",
      "topic",
      "outcome",
    ]);
    this.#duration = make.histogram(
      "engine_actor_message_duration_seconds",
      "Handling time of a message or batch",
      ["actor", "topic"],
      BUCKETS,
    );
    this.#wait = make.histogram(
      "engine_actor_message_wait_seconds",
      "Time a message waited in its mailbox",
      ["actor"],
      BUCKETS,
    );
  }

  onKitEvent(event: KitEvent): void {
    const actor = this.#kindOf(event.actor);
    switch (event.kind) {
      case "handled": {
        const topic = this.#topic.of(event.topic);
        this.#knowTopic(actor, topic);
        this.#messages.inc({ actor, topic, outcome: event.outcome }, event.count);
        this.#duration.observe({ actor, topic }, seconds(event.durationMs));
        this.#wait.observe({ actor }, seconds(event.waitMs));
        return;
      }
      case "dead-letter":
        this.#messages.inc({ actor, topic: this.#topic.of(event.topic), outcome: "dead-letter" });
        return;
      case "restarting":
        this.#restarts.inc({ actor, reason: restartReason(event.reason) });
        return;
      case "escalated":
        this.#escalations.inc({ actor });
        return;
      case "started":
      case "parked":
      case "stopped":
        this.#know(actor);
        return;
      case "beat": // what processes use is told by themselves
    }
  }

  /** Reads who is up and how full the mailboxes are; called at each scrape. */
  onTree(root: ActorNode): void {
    const up = new Map<string, boolean>();
    const depth = new Map<string, number>();
    const counts = new Map<string, Map<ActorState, number>>();
    const visit = (node: ActorNode): void => {
      if (node.kind === "actor") {
        const kind = this.#kindOf(node.id);
        up.set(kind, (up.get(kind) ?? true) && node.state === "up");
        depth.set(kind, Math.max(depth.get(kind) ?? 0, node.mailboxDepth));
        const states = counts.get(kind) ?? new Map<ActorState, number>();
        counts.set(kind, states.set(node.state, (states.get(node.state) ?? 0) + 1));
      }
      node.children.forEach(visit);
    };
    visit(root);
    for (const gauge of [this.#up, this.#depth, this.#count]) gauge.reset();
    for (const [actor, isUp] of up) this.#up.set({ actor }, isUp ? 1 : 0);
    for (const [actor, waiting] of depth) this.#depth.set({ actor }, waiting);
    for (const [actor, states] of counts) {
      for (const state of STATES) this.#count.set({ actor, state }, states.get(state) ?? 0);
    }
  }

  #kindOf(path: string): string {
    const known = this.#kinds.get(path);
    if (known !== undefined) return known;
    if (this.#kinds.size >= MOST_PATHS) this.#kinds.clear();
    const kind = this.#kind.of(actorKind(path));
    this.#kinds.set(path, kind);
    this.#know(kind);
    return kind;
  }

  #know(actor: string): void {
    if (this.#known.has(actor)) return;
    this.#known.add(actor);
    for (const reason of RESTART_REASONS) this.#restarts.inc({ actor, reason }, 0);
    this.#escalations.inc({ actor }, 0);
  }

  #knowTopic(actor: string, topic: string): void {
    const key = `${actor} ${topic}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    for (const outcome of ["ok", "failed", "dead-letter"]) {
      this.#messages.inc({ actor, topic, outcome }, 0);
    }
  }
}
