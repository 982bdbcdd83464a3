import type { Cell, CellFailure } from "./cell.ts";
import { FailureError, messageOf } from "./errors.ts";
import { EXITED_NORMALLY } from "./forked-engine.ts";
import { judge } from "./judge.ts";
import type { Kit } from "./kit.ts";
import type { SupervisorSpec } from "./spec.ts";
import { affectedBy } from "./strategy.ts";

/** What a group needs of its supervisor. */
export interface GroupOwner {
  readonly kit: Kit;
  readonly spec: SupervisorSpec;
  /** True once nobody is started any more. */
  isOver(): boolean;
  /** A child was stopped for good. */
  removed(cell: Cell): void;
  /** Takes the blame for what the group cannot mend. */
  giveUp(error: unknown): void;
}

/** Whoever asked for a start, and hears how it went. */
interface Asker {
  started(): void;
  refused(error: unknown): void;
}

/** A start that is still to be made. */
interface Due {
  /** Monotonic ms. */
  notBeforeMs: number;
  /** Nobody asked for a repair: when its start fails, that is judged like any failure. */
  readonly asker?: Asker;
}

/** A child whose restart is granted, while those beside it have yet to be taken down. */
interface Fall {
  readonly cell: Cell;
  readonly waitMs: number;
}

/**
 * Children that fall and rise together; one for one, each child is a group by itself.
 * All starts are made by one loop, one at a time, in order of the first start: nobody is started
 * while one before it has still to come up. Failures are taken in whatever the loop is at, and end
 * the start of whoever goes down with the failed child: it may be waiting for just that one.
 */
export class Group {
  readonly #owner: GroupOwner;
  /** In order of their first start, each with the start it still needs. */
  readonly #members = new Map<Cell, Due | undefined>();
  readonly #fallen: Fall[] = [];
  #starting: Cell | undefined;
  #isAtWork = false;
  #endWait: (() => void) | undefined;

  constructor(owner: GroupOwner) {
    this.#owner = owner;
  }

  /**
   * Starts a child in its turn; one that is new becomes the last of the group. A start that
   * another child's failure ends is made anew.
   * @param onRefused hears, before anything else happens, what the promise rejects with.
   * @throws what made the start itself fail, or why there will be none.
   */
  start(cell: Cell, onRefused: (error: unknown) => void = () => {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const refused = (error: unknown): void => {
        onRefused(error);
        reject(error as Error);
      };
      this.#members.set(cell, { notBeforeMs: this.#nowMs, asker: { started: resolve, refused } });
      this.#goOn();
    });
  }

  /** Takes in that a child failed: it is granted a restart, parked, escalated or forgotten. */
  failed(failure: CellFailure): void {
    const { cell, error } = failure;
    if (this.#owner.isOver() || cell.state !== "backoff") return;
    if (mayRestart(failure)) this.#judge(failure);
    else this.#heed(this.remove(cell, messageOf(error)));
    this.#goOn();
  }

  /** Stops a child for good; whoever waits for its start is refused. */
  async remove(cell: Cell, reason: string): Promise<void> {
    const stopped = cell.stop(reason);
    const due = this.#members.get(cell);
    this.#members.delete(cell);
    due?.asker?.refused(stoppedFirst(cell));
    this.#goOn();
    await stopped;
    this.#owner.removed(cell);
  }

  get #nowMs(): number {
    return this.#owner.kit.clock.monotonicMs();
  }

  #judge({ cell, error, upForMs }: CellFailure): void {
    const { kit, spec } = this.#owner;
    const intensity = cell.spec.intensity ?? spec.intensity;
    const failure = { atMs: this.#nowMs, upForMs };
    const verdict = judge(cell.ledger, failure, intensity, spec.backoff, kit.random());
    const reason = messageOf(error);
    if (verdict.kind === "beyond") {
      this.#giveUp(cell, `${verdict.restarts} restarts within ${intensity.withinMs} ms: ${reason}`);
      return;
    }
    const { ledger, waitMs } = verdict;
    cell.ledger = ledger;
    kit.emit?.({ kind: "restarting", actor: cell.id, reason, waitMs, error });
    this.#members.set(cell, { notBeforeMs: this.#nowMs });
    this.#fallen.push({ cell, waitMs });
    const starting = this.#starting;
    if (starting !== undefined && this.#besides(cell).includes(starting)) {
      starting.interrupt(`${cell.id} failed`);
    }
  }

  #giveUp(cell: Cell, reason: string): void {
    if (this.#owner.spec.beyond === "park") {
      cell.park(reason);
      return;
    }
    cell.park(reason, "escalated");
    const message = `${cell.id} failed too often: ${reason}`;
    const error = new FailureError("escalated", message, { retry: "never" });
    this.#owner.giveUp(error);
    for (const due of this.#members.values()) due?.asker?.refused(error);
  }

  #besides(cell: Cell): Cell[] {
    return affectedBy(this.#owner.spec.strategy, [...this.#members.keys()], cell);
  }

  #goOn(): void {
    this.#endWait?.();
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    this.#heed(this.#work());
  }

  async #work(): Promise<void> {
    for (let job = this.#nextJob(); job !== undefined; job = this.#nextJob()) await job();
    this.#isAtWork = false;
  }

  #nextJob(): (() => Promise<void>) | undefined {
    if (this.#owner.isOver()) return undefined;
    const fall = this.#fallen.shift();
    if (fall !== undefined) return () => this.#takeDown(fall);
    for (const [cell, due] of this.#members) {
      // It has crashed and will say so once its end is done.
      if (cell.isCrashing) return undefined;
      if (due === undefined) continue;
      const waitMs = due.notBeforeMs - this.#nowMs;
      return waitMs > 0 ? () => this.#wait(waitMs) : () => this.#start(cell, due);
    }
    return undefined;
  }

  /** Takes down who goes with a failed child; all of them wait as long as that one must. */
  async #takeDown({ cell, waitMs }: Fall): Promise<void> {
    if (!this.#members.has(cell)) return;
    const besides = this.#besides(cell);
    const reason = `${cell.id} failed`;
    for (const sibling of besides.toReversed()) {
      if (sibling.state !== "up") continue;
      if (sibling.spec.restart === "temporary") {
        await this.remove(sibling, reason);
        continue;
      }
      await sibling.halt(reason);
      if (this.#members.has(sibling)) this.#members.set(sibling, { notBeforeMs: this.#nowMs });
    }
    const notBeforeMs = this.#nowMs + waitMs;
    for (const member of [cell, ...besides]) {
      const due = this.#members.get(member);
      if (due !== undefined) due.notBeforeMs = Math.max(due.notBeforeMs, notBeforeMs);
    }
  }

  async #start(cell: Cell, due: Due): Promise<void> {
    const { asker } = due;
    this.#members.set(cell, undefined);
    this.#starting = cell;
    if (asker === undefined) cell.restarts++;
    try {
      const isUp = await cell.start();
      if (isUp) asker?.started();
      else if (this.#members.has(cell)) this.#members.set(cell, due);
      else asker?.refused(stoppedFirst(cell));
    } catch (error) {
      if (asker === undefined) this.failed({ cell, error, upForMs: 0 });
      else asker.refused(error);
    } finally {
      this.#starting = undefined;
    }
  }

  /** Waits for a time, or until there is something else to do. */
  #wait(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#owner.kit.clock.after(waitMs, () => this.#endWait?.());
      this.#endWait = () => {
        this.#endWait = undefined;
        cancel();
        resolve();
      };
    });
  }

  /** Work that throws would leave children down without anybody knowing. */
  #heed(work: Promise<void>): void {
    work.catch((error: unknown) => this.#owner.giveUp(error));
  }
}

/** Whether the child's own rule lets it come back after such an end. */
function mayRestart({ cell, error }: CellFailure): boolean {
  const rule = cell.spec.restart ?? "permanent";
  if (rule === "permanent") return true;
  const isNormal = error instanceof FailureError && error.code === EXITED_NORMALLY;
  return rule === "transient" && !isNormal;
}

function stoppedFirst(cell: Cell): FailureError {
  return new FailureError("actor-stopped", `${cell.id} was stopped first`, { retry: "never" });
}
