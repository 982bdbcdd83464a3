import type { AskFailureCode } from "./ask-failure.ts";
import type { Cancel, Clock } from "./clock.ts";
import type { StageActor } from "./comedy/stage.ts";
import { defaults } from "./defaults.ts";
import { FailureError, messageOf } from "./errors.ts";
import { Incarnation } from "./incarnation.ts";
import { cleanLedger, type Ledger } from "./judge.ts";
import type { Kit } from "./kit.ts";
import { Lane } from "./lane.ts";
import { withLimit } from "./limit.ts";
import { type Handed, type Letter, Mailbox, type MailboxOwner } from "./mailbox.ts";
import type { PendingAsk } from "./pending-ask.ts";
import type { Protocol } from "./protocol.ts";
import type { Addressee } from "./registry.ts";
import type { ActorNode, ActorState, ChildSpec, MailboxSpec } from "./spec.ts";
import { settingOf } from "./topic-setting.ts";
import type { Turns } from "./turns.ts";

/** An actor's failure on its way to the supervisor. */
export interface CellFailure {
  readonly cell: Cell;
  readonly error: unknown;
  /** 0 when the start failed. */
  readonly upForMs: number;
}

/**
 * An actor through all its lives: its path, its mailbox and its state.
 * It knows how to start, stop and fail; when to start again is its supervisor's to decide.
 */
export class Cell implements Addressee, MailboxOwner {
  readonly id: string;
  readonly spec: ChildSpec<Protocol>;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly limits: MailboxSpec;
  /** Starts and repairs of this actor, one at a time. */
  readonly lane = new Lane();
  ledger: Ledger = cleanLedger;
  restarts = 0;
  readonly #kit: Kit;
  readonly #parent: StageActor;
  readonly #onFailed: (failure: CellFailure) => void;
  readonly #mailbox: Mailbox;
  #state: ActorState = "starting";
  #incarnation: Incarnation | undefined;
  #upSinceMs = 0;
  #lastFailure: string | undefined;
  #endWait: ((elapsed: boolean) => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    kit: Kit,
    id: string,
    spec: ChildSpec<Protocol>,
    parent: StageActor,
    onFailed: (failure: CellFailure) => void,
  ) {
    this.#kit = kit;
    this.id = id;
    this.spec = spec;
    this.clock = kit.clock;
    this.turns = kit.turns;
    this.limits = spec.mailbox ?? defaults.mailbox;
    this.#parent = parent;
    this.#onFailed = onFailed;
    this.#mailbox = new Mailbox(this);
  }

  get state(): ActorState {
    return this.#state;
  }

  post(topic: string, message: unknown, ask: PendingAsk | undefined): void {
    const letter = { topic, message, ask, arrivedMs: this.clock.monotonicMs() };
    if (!Object.hasOwn(this.spec.topics, topic)) {
      this.#refuse(letter, "unknown-topic", "no such topic");
    } else if (this.#state === "up" || this.#state === "backoff" || this.#state === "starting") {
      this.#mailbox.post(letter);
    } else {
      this.#refuse(letter, "actor-stopped", `the actor is ${this.#state}`);
    }
  }

  batchLimit(topic: string): number | undefined {
    return settingOf<number>(this.spec.batches, topic);
  }

  isConcurrent(topic: string): boolean {
    return settingOf<boolean>(this.spec.concurrent, topic) === true;
  }

  onOverflow(letter: Letter): void {
    this.#refuse(letter, "mailbox-full", `the mailbox holds ${this.limits.capacity} already`);
  }

  onHandled(handed: Handed, outcome: "ok" | "failed", startedMs: number): void {
    this.#kit.emit?.({
      kind: "handled",
      actor: this.id,
      topic: handed[0].topic,
      count: handed.length,
      outcome,
      waitMs: startedMs - handed[0].arrivedMs,
      durationMs: this.clock.monotonicMs() - startedMs,
    });
  }

  onFailed(error: unknown, handed: Handed): void {
    for (const letter of handed) letter.ask?.fail("handler-failed", messageOf(error), error);
    this.#crash(this.#incarnation, error);
  }

  /** @throws what made the start fail; the actor is then down, with nothing left of the attempt. */
  async start(): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    this.#state = "starting";
    const incarnation: Incarnation = new Incarnation(
      this.#kit,
      this.id,
      this.spec,
      this.#parent,
      (error) => this.#crash(incarnation, error),
    );
    this.#incarnation = incarnation;
    try {
      await incarnation.start(this.spec.startTimeoutMs ?? defaults.startTimeoutMs);
      incarnation.goLive();
    } catch (error) {
      this.#lastFailure = messageOf(error);
      await incarnation.end("its start failed", this.#stopLimitMs);
      if (this.#incarnation === incarnation) this.#incarnation = undefined;
      if (this.state === "starting") this.#state = "backoff";
      throw error;
    }
    this.#state = "up";
    this.#upSinceMs = this.clock.monotonicMs();
    this.#kit.emit?.({ kind: "started", actor: this.id, durationMs: this.#upSinceMs - startedMs });
    this.#mailbox.open(incarnation.work);
  }

  /** Ends this life but not the actor: what waits is kept for the next. */
  async halt(reason: string): Promise<void> {
    if (this.#state !== "up") return;
    this.#state = "backoff";
    await this.#bringDown(reason);
  }

  /** Ends the actor for good. The same end for everybody who asks. */
  stop(reason: string): Promise<void> {
    this.#stopped ??= this.#stop(reason);
    return this.#stopped;
  }

  /** Leaves the actor down, but visible; as its own end, or as what brings its owner down. */
  park(reason: string, kind: "parked" | "escalated" = "parked"): void {
    if (this.#state !== "backoff") return;
    this.#state = "parked";
    this.#refuseWaiting();
    this.#kit.emit?.({ kind, actor: this.id, reason });
    this.#kit.registry.ended(this.id, reason);
  }

  /** Resolves to true after a wait, or to false when the actor is stopped first. */
  wait(waitMs: number): Promise<boolean> {
    if (this.#stopped !== undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      const cancel: Cancel = this.clock.after(waitMs, () => this.#endWait?.(true));
      this.#endWait = (elapsed) => {
        this.#endWait = undefined;
        cancel();
        resolve(elapsed);
      };
    });
  }

  tree(): ActorNode {
    const pid = this.#incarnation?.pid;
    return {
      id: this.id,
      kind: "actor",
      mode: this.spec.mode ?? "in-memory",
      state: this.#state,
      restarts: this.restarts,
      mailboxDepth: this.#mailbox.depth,
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
      ...(pid === undefined ? {} : { pid }),
      children: (this.#incarnation?.supervisors ?? []).map((supervisor) => supervisor.tree()),
    };
  }

  get #stopLimitMs(): number {
    return this.spec.stopTimeoutMs ?? defaults.stopTimeoutMs;
  }

  async #stop(reason: string): Promise<void> {
    this.#state = "stopping";
    this.#endWait?.(false);
    this.#refuseWaiting();
    await this.#bringDown(reason);
    this.#state = "stopped";
    this.#kit.registry.remove(this);
    this.#kit.emit?.({ kind: "stopped", actor: this.id, reason });
    this.#kit.registry.ended(this.id, reason);
  }

  /** Waits for the handler that runs, then ends the life; both within the stop limit. */
  async #bringDown(reason: string): Promise<void> {
    const incarnation = this.#incarnation;
    if (incarnation === undefined) return;
    const startedMs = this.clock.monotonicMs();
    this.#mailbox.pause();
    incarnation.cut(new FailureError("actor-stopped", reason, { retry: "never" }));
    try {
      await withLimit(this.clock, this.#stopLimitMs, "a handler", this.#mailbox.quiet());
    } catch {
      // Cut off: whatever it still does is not heard any more.
    }
    for (const letter of this.#mailbox.forsake()) letter.ask?.fail("actor-stopped", reason);
    const spentMs = this.clock.monotonicMs() - startedMs;
    await incarnation.end(reason, Math.max(0, this.#stopLimitMs - spentMs));
    this.#incarnation = undefined;
  }

  #crash(incarnation: Incarnation | undefined, error: unknown): void {
    if (incarnation === undefined || incarnation !== this.#incarnation) return;
    this.#lastFailure = messageOf(error);
    if (this.#state !== "up") return;
    this.#state = "backoff";
    const upForMs = this.clock.monotonicMs() - this.#upSinceMs;
    for (const letter of this.#mailbox.forsake()) {
      letter.ask?.fail("handler-failed", messageOf(error), error);
    }
    void incarnation.end(`failed: ${this.#lastFailure}`, this.#stopLimitMs).then(() => {
      if (this.#incarnation === incarnation) this.#incarnation = undefined;
      if (this.state === "backoff") this.#onFailed({ cell: this, error, upForMs });
    });
  }

  #refuseWaiting(): void {
    for (const letter of this.#mailbox.takeAll()) {
      this.#refuse(letter, "actor-stopped", `the actor is ${this.#state}`);
    }
  }

  #refuse(letter: Letter, code: AskFailureCode, why: string): void {
    letter.ask?.fail(code, why);
    this.#kit.emit?.({ kind: "dead-letter", actor: this.id, topic: letter.topic, reason: why });
  }
}
