import { Stage } from "./comedy/stage.ts";
import { messageOf } from "./errors.ts";
import { Gate } from "./gate.ts";
import type { Kit } from "./kit.ts";
import { withLimit } from "./limit.ts";
import { refTo } from "./path-ref.ts";
import type { Protocol } from "./protocol.ts";
import { Registry } from "./registry.ts";
import type { ActorSystem, ActorSystemOptions, KitEvent } from "./spec.ts";
import { SupervisorCell } from "./supervisor.ts";
import { Turns } from "./turns.ts";

/**
 * Starts an empty tree of actors.
 * Its actors run on `options.clock`: with a clock moved by hand, nothing happens by itself.
 */
export async function createActorSystem(options: ActorSystemOptions): Promise<ActorSystem> {
  const { clock, random } = options;
  const stage = Stage.open();
  const registry = new Registry();
  const emit = safely(options.onEvent);
  const kit: Kit = {
    clock,
    random,
    turns: new Turns(options.clock),
    registry,
    stage,
    gate: new Gate({ clock, registry, emit, maySend: options.mayForkSend ?? (() => true) }, stage),
    emit,
    supervise: (id, spec, owner) => new SupervisorCell(kit, id, `${id}/`, spec, owner),
  };
  let hasEscalated = false;
  const owner = {
    stageActor: await stage.root(),
    fail: (error: unknown): void => {
      if (hasEscalated) return;
      hasEscalated = true;
      options.onEscalation(messageOf(error));
    },
  };
  const root = new SupervisorCell(kit, "root", "", options.root, owner);
  let stopped: Promise<void> | undefined;
  return {
    root,
    tree: () => root.tree(),
    find: <P extends Protocol>(id: string) =>
      registry.running(id) === undefined ? undefined : refTo<P>(kit, id),
    stop: (reason, timeoutMs) => {
      stopped ??= stopWithin(kit, root, reason, timeoutMs);
      return stopped;
    },
  };
}

async function stopWithin(
  kit: Kit,
  root: SupervisorCell,
  reason: string,
  timeoutMs: number,
): Promise<void> {
  const stopping = root.stop(reason).then(() => kit.stage.close());
  try {
    await withLimit(kit.clock, timeoutMs, "the stop of all actors", stopping);
  } catch {
    // No child outlives the hub, whatever hangs in here.
    kit.stage.killForks();
  }
}

/** Whoever listens to events cannot harm the actors they are about. */
function safely(
  listener: ((event: KitEvent) => void) | undefined,
): ((event: KitEvent) => void) | undefined {
  if (listener === undefined) return undefined;
  return (event) => {
    try {
      listener(event);
    } catch {
      // There is nobody to tell: this was the way to tell.
    }
  };
}
