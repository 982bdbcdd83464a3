import { Cell, type CellFailure } from "./cell.ts";
import { FailureError, messageOf } from "./errors.ts";
import { EXITED_NORMALLY } from "./forked-engine.ts";
import { cleanLedger, judge } from "./judge.ts";
import type { Kit, SupervisorNode, SupervisorOwner } from "./kit.ts";
import { Lane } from "./lane.ts";
import { refTo } from "./path-ref.ts";
import type { Protocol, Ref } from "./protocol.ts";
import type { ActorNode, ChildSpec, SupervisorSpec } from "./spec.ts";
import { affectedBy } from "./strategy.ts";

/** Starts children, and starts them again as its spec says. */
export class SupervisorCell implements SupervisorNode {
  readonly id: string;
  readonly #kit: Kit;
  readonly #spec: SupervisorSpec;
  readonly #owner: SupervisorOwner;
  /** What all paths below begin with. */
  readonly #prefix: string;
  /** In order of start. */
  readonly #children = new Map<string, Cell>();
  /** Where children fail together, their starts and repairs go one at a time. */
  readonly #groupLane = new Lane();
  #isOver = false;
  #stopped: Promise<void> | undefined;

  constructor(kit: Kit, id: string, prefix: string, spec: SupervisorSpec, owner: SupervisorOwner) {
    this.#kit = kit;
    this.id = id;
    this.#prefix = prefix;
    this.#spec = spec;
    this.#owner = owner;
  }

  async spawn<P extends Protocol>(spec: ChildSpec<P>): Promise<Ref<P>> {
    const id = `${this.#prefix}${spec.id}`;
    if (this.#isOver) {
      throw new FailureError("actor-stopped", `${this.id} is stopping`, { retry: "never" });
    }
    if (this.#children.has(spec.id) || this.#kit.registry.get(id) !== undefined) {
      throw new FailureError("duplicate-actor", `${id} is there already`, { retry: "never" });
    }
    const general = spec as unknown as ChildSpec<Protocol>;
    const cell = new Cell(this.#kit, id, general, this.#owner.stageActor, (failure) => {
      const repaired = this.#laneOf(failure.cell).run(() => this.#repair(failure));
      // A repair that throws would leave the child down without anybody knowing.
      repaired.catch((error: unknown) => this.#owner.fail(error));
    });
    this.#children.set(spec.id, cell);
    this.#kit.registry.add(cell);
    try {
      await this.#laneOf(cell).run(() => cell.start());
    } catch (error) {
      await this.#forget(cell, "its first start failed");
      const message = `${id} did not start: ${messageOf(error)}`;
      throw new FailureError("start-failed", message, { retry: "later", cause: error });
    }
    return refTo<P>(this.#kit, id);
  }

  async remove(id: string, reason: string): Promise<void> {
    const cell = this.#child(id);
    if (cell !== undefined) await this.#forget(cell, reason);
  }

  async unpark(id: string): Promise<void> {
    const cell = this.#child(id);
    if (cell === undefined) {
      throw new FailureError("unknown-actor", `${this.id} has no ${id}`, { retry: "never" });
    }
    await this.#laneOf(cell).run(async () => {
      if (cell.state !== "parked") return;
      cell.ledger = cleanLedger;
      try {
        await cell.start();
      } catch (error) {
        cell.park(messageOf(error));
        throw error;
      }
    });
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
      children: [...this.#children.values()].map((cell) => cell.tree()),
    };
  }

  async #stopAll(reason: string): Promise<void> {
    this.#isOver = true;
    for (const cell of [...this.#children.values()].toReversed()) await cell.stop(reason);
    this.#children.clear();
  }

  /** Takes a child's name or its whole path. */
  #child(id: string): Cell | undefined {
    const isPath = id.startsWith(this.#prefix);
    return (
      this.#children.get(id) ?? this.#children.get(isPath ? id.slice(this.#prefix.length) : id)
    );
  }

  #laneOf(cell: Cell): Lane {
    return this.#spec.strategy === "one_for_one" ? cell.lane : this.#groupLane;
  }

  async #forget(cell: Cell, reason: string): Promise<void> {
    await cell.stop(reason);
    if (this.#children.get(cell.spec.id) === cell) this.#children.delete(cell.spec.id);
  }

  /** Brings a failed child, and whoever it took along, up again, or gives it up. */
  async #repair(failure: CellFailure): Promise<void> {
    // A sibling's repair may have started it in the meantime.
    if (failure.cell.state !== "backoff" || this.#isOver) return;
    if (!mayRestart(failure)) {
      await this.#forget(failure.cell, messageOf(failure.error));
      return;
    }
    const pending = new Set<Cell>();
    let next: CellFailure | undefined = failure;
    while (next !== undefined && !this.#isOver) {
      pending.add(next.cell);
      const isGranted = await this.#prepareRestart(next, pending);
      if (!isGranted) pending.delete(next.cell);
      next = await this.#startInOrder(pending);
    }
  }

  /** Judges a failure, takes down who goes with it, and waits; false when it stays down. */
  async #prepareRestart(failure: CellFailure, pending: Set<Cell>): Promise<boolean> {
    const { cell, error, upForMs } = failure;
    const intensity = cell.spec.intensity ?? this.#spec.intensity;
    const atMs = this.#kit.clock.monotonicMs();
    const { backoff, strategy } = this.#spec;
    const verdict = judge(cell.ledger, { atMs, upForMs }, intensity, backoff, this.#kit.random());
    const reason = messageOf(error);
    if (verdict.kind === "beyond") {
      this.#giveUp(cell, `${verdict.restarts} restarts within ${intensity.withinMs} ms: ${reason}`);
      return false;
    }
    cell.ledger = verdict.ledger;
    const { waitMs } = verdict;
    this.#kit.emit?.({ kind: "restarting", actor: cell.id, reason, waitMs, error });
    const affected = affectedBy(strategy, [...this.#children.values()], cell);
    for (const sibling of affected.toReversed()) {
      if (sibling.state !== "up") continue;
      if (sibling.spec.restart === "temporary") await this.#forget(sibling, `${cell.id} failed`);
      else await sibling.halt(`${cell.id} failed`);
      pending.add(sibling);
    }
    return cell.wait(waitMs);
  }

  /** Starts what is down, in order of the first start; stops at the first that fails. */
  async #startInOrder(pending: Set<Cell>): Promise<CellFailure | undefined> {
    for (const cell of this.#children.values()) {
      if (this.#isOver) return undefined;
      if (!pending.delete(cell) || cell.state !== "backoff") continue;
      cell.restarts++;
      try {
        await cell.start();
      } catch (error) {
        if (cell.state === "backoff") return { cell, error, upForMs: 0 };
      }
    }
    return undefined;
  }

  #giveUp(cell: Cell, reason: string): void {
    if (this.#spec.beyond === "park") {
      cell.park(reason);
      return;
    }
    this.#isOver = true;
    cell.park(reason, "escalated");
    const message = `${cell.id} failed too often: ${reason}`;
    this.#owner.fail(new FailureError("escalated", message, { retry: "never" }));
  }
}

/** Whether the child's own rule lets it come back after such an end. */
function mayRestart({ cell, error }: CellFailure): boolean {
  const rule = cell.spec.restart ?? "permanent";
  if (rule === "permanent") return true;
  const isNormal = error instanceof FailureError && error.code === EXITED_NORMALLY;
  return rule === "transient" && !isNormal;
}
