import type { Clock } from "./clock.ts";
import type { Stage, StageActor } from "./comedy/stage.ts";
import type { Gate } from "./gate.ts";
import type { Registry } from "./registry.ts";
import type { ActorNode, KitEvent, Supervisor, SupervisorSpec } from "./spec.ts";
import type { Turns } from "./turns.ts";

/** Who a supervisor belongs to: an actor, or the root. */
export interface SupervisorOwner {
  /** Below which of comedy's actors the children are made. */
  readonly stageActor: StageActor;
  /** Takes the blame when a supervisor gives up. */
  fail(error: unknown): void;
}

export interface SupervisorNode extends Supervisor {
  tree(): ActorNode;
}

/** What all actors of one system share. */
export interface Kit {
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly turns: Turns;
  readonly registry: Registry;
  readonly stage: Stage;
  readonly gate: Gate;
  /** Absent when nobody listens, so that events then cost nothing. Never throws. */
  readonly emit: ((event: KitEvent) => void) | undefined;
  supervise(id: string, spec: SupervisorSpec, owner: SupervisorOwner): SupervisorNode;
}
