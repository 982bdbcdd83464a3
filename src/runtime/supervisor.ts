import { Cell } from "./cell.ts";
import { FailureError, messageOf } from "./errors.ts";
import { Group, type GroupOwner } from "./group.ts";
import type { Kit, SupervisorNode, SupervisorOwner } from "./kit.ts";
import { refTo } from "./path-ref.ts";
import type { Protocol, Ref } from "./protocol.ts";
import type { ActorNode, ChildSpec, SupervisorSpec } from "./spec.ts";

interface Child {
  readonly cell: Cell;
  readonly group: Group;
}

/** Knows its children by name; their groups start them, and start them again as its spec says. */
export class SupervisorCell implements SupervisorNode {
  readonly id: string;
  readonly #kit: Kit;
  readonly #owner: SupervisorOwner;
  /** What all paths below begin with. */
  readonly #prefix: string;
  /** In order of start. */
  readonly #children = new Map<string, Child>();
  readonly #groupOwner: GroupOwner;
  /** Of all children, unless each falls alone. */
  readonly #group: Group | undefined;
  #isOver = false;
  #stopped: Promise<void> | undefined;

  constructor(kit: Kit, id: string, prefix: string, spec: SupervisorSpec, owner: SupervisorOwner) {
    this.#kit = kit;
    this.id = id;
    this.#prefix = prefix;
    this.#owner = owner;
    this.#groupOwner = {
      kit,
      spec,
      isOver: () => this.#isOver,
      removed: (cell) => {
        const { id } = cell.spec;
        if (this.#children.get(id)?.cell === cell) this.#children.delete(id);
      },
      giveUp: (error) => {
        this.#isOver = true;
        owner.fail(error);
      },
    };
    if (spec.strategy !== "one_for_one") this.#group = new Group(this.#groupOwner);
  }

  async spawn<P extends Protocol>(spec: ChildSpec<P>): Promise<Ref<P>> {
    const id = `${this.#prefix}${spec.id}`;
    this.#refuseWhenOver();
    if (this.#children.has(spec.id) || this.#kit.registry.get(id) !== undefined) {
      throw new FailureError("duplicate-actor", `${id} is there already`, { retry: "never" });
    }
    const general = spec as unknown as ChildSpec<Protocol>;
    const group = this.#group ?? new Group(this.#groupOwner);
    const cell = new Cell(this.#kit, id, general, this.#owner.stageActor, (failure) =>
      group.failed(failure),
    );
    this.#children.set(spec.id, { cell, group });
    this.#kit.registry.add(cell);
    try {
      await group.start(cell);
    } catch (error) {
      await group.remove(cell, "its first start failed");
      const message = `${id} did not start: ${messageOf(error)}`;
      throw new FailureError("start-failed", message, { retry: "later", cause: error });
    }
    return refTo<P>(this.#kit, id);
  }

  async remove(id: string, reason: string): Promise<void> {
    const child = this.#child(id);
    await child?.group.remove(child.cell, reason);
  }

  async unpark(id: string): Promise<void> {
    this.#refuseWhenOver();
    const child = this.#child(id);
    if (child === undefined) {
      throw new FailureError("unknown-actor", `${this.id} has no ${id}`, { retry: "never" });
    }
    const { cell, group } = child;
    if (cell.forgive()) await group.start(cell, (error) => cell.park(messageOf(error)));
  }

  has(id: string): boolean {
    return this.#child(id) !== undefined;
  }

  stop(reason: string): Promise<void> {
    this.#stopped ??= this.#stopAll(reason);
    return this.#stopped;
  }

  tree(): ActorNode {
    return {
      id: this.id,
      kind: "supervisor",
      state: this.#stopped === undefined ? "up" : "stopping",
      restarts: 0,
      mailboxDepth: 0,
      children: [...this.#children.values()].map(({ cell }) => cell.tree()),
    };
  }

  async #stopAll(reason: string): Promise<void> {
    this.#isOver = true;
    const children = [...this.#children.values()];
    for (const { cell, group } of children.toReversed()) await group.remove(cell, reason);
  }

  #refuseWhenOver(): void {
    if (!this.#isOver) return;
    throw new FailureError("actor-stopped", `${this.id} is stopping`, { retry: "never" });
  }

  /** Takes a child's name or its whole path. */
  #child(id: string): Child | undefined {
    const isPath = id.startsWith(this.#prefix);
    return (
      this.#children.get(id) ?? this.#children.get(isPath ? id.slice(this.#prefix.length) : id)
    );
  }
}
