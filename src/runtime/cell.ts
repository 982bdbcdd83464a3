import type { Clock } from "./clock.ts";
import type { StageActor } from "./comedy/stage.ts";
import { defaults } from "./defaults.ts";
import { FailureError, messageOf } from "./errors.ts";
import { Incarnation } from "./incarnation.ts";
import { cleanLedger, type Ledger } from "./judge.ts";
import type { Kit } from "./kit.ts";
import { withLimit } from "./limit.ts";
import { MailRules } from "./mail-rules.ts";
import { Mailbox } from "./mailbox.ts";
import type { PendingAsk } from "./pending-ask.ts";
import type { Protocol } from "./protocol.ts";
import type { Addressee } from "./registry.ts";
import type { ActorNode, ActorState, ChildSpec } from "./spec.ts";

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
export class Cell implements Addressee {
  readonly id: string;
  readonly spec: ChildSpec<Protocol>;
  ledger: Ledger = cleanLedger;
  restarts = 0;
  readonly #kit: Kit;
  readonly #clock: Clock;
  readonly #parent: StageActor;
  readonly #onFailed: (failure: CellFailure) => void;
  readonly #rules: MailRules;
  readonly #mailbox: Mailbox;
  #state: ActorState = "starting";
  #incarnation: Incarnation | undefined;
  #upSinceMs = 0;
  #lastFailure: string | undefined;
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
    this.#clock = kit.clock;
    this.#parent = parent;
    this.#onFailed = onFailed;
    this.#rules = new MailRules(kit, id, spec, (error) => this.#crash(this.#incarnation, error));
    this.#mailbox = new Mailbox(this.#rules);
  }

  get state(): ActorState {
    return this.#state;
  }

  /** Whether it has crashed and its supervisor does not know yet: first its life is ended. */
  get isCrashing(): boolean {
    return this.#state === "backoff" && this.#incarnation !== undefined;
  }

  post(topic: string, message: unknown, ask: PendingAsk | undefined): void {
    const letter = { topic, message, ask, arrivedMs: this.#clock.monotonicMs() };
    if (!Object.hasOwn(this.spec.topics, topic)) {
      this.#rules.refuse(letter, "unknown-topic", "no such topic");
    } else if (this.#state === "up" || this.#state === "backoff" || this.#state === "starting") {
      this.#mailbox.post(letter);
    } else {
      this.#rules.refuse(letter, "actor-stopped", `the actor is ${this.#state}`);
    }
  }

  /**
   * Resolves to true once it takes messages, or to false when it was interrupted or stopped first.
   * @throws what made the start fail; the actor is then down, with nothing left of the attempt.
   */
  async start(): Promise<boolean> {
    if (this.#stopped !== undefined) return false;
    const startedMs = this.#clock.monotonicMs();
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
      const isItsOwn = this.state === "starting";
      if (isItsOwn) {
        this.#state = "backoff";
        this.#lastFailure = messageOf(error);
      }
      await incarnation.end(isItsOwn ? "its start failed" : messageOf(error), this.#stopLimitMs);
      if (this.#incarnation === incarnation) this.#incarnation = undefined;
      if (isItsOwn) throw error;
      return false;
    }
    this.#state = "up";
    this.#upSinceMs = this.#clock.monotonicMs();
    this.#kit.emit?.({ kind: "started", actor: this.id, durationMs: this.#upSinceMs - startedMs });
    this.#mailbox.open(incarnation.work);
    return true;
  }

  /** Ends a start that is under way, as if it had not begun. */
  interrupt(reason: string): void {
    if (this.#state !== "starting") return;
    this.#state = "backoff";
    this.#incarnation?.cut(new FailureError("actor-stopped", reason, { retry: "never" }));
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

  /** Readies a parked actor for a start, its restarts forgiven; false when it is not parked. */
  forgive(): boolean {
    if (this.#state !== "parked") return false;
    this.#state = "backoff";
    this.ledger = cleanLedger;
    return true;
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
    const startedMs = this.#clock.monotonicMs();
    this.#mailbox.pause();
    incarnation.cut(new FailureError("actor-stopped", reason, { retry: "never" }));
    try {
      await withLimit(this.#clock, this.#stopLimitMs, "a handler", this.#mailbox.quiet());
    } catch {
      // Cut off: whatever it still does is not heard any more.
    }
    for (const letter of this.#mailbox.forsake()) letter.ask?.fail("actor-stopped", reason);
    const spentMs = this.#clock.monotonicMs() - startedMs;
    await incarnation.end(reason, Math.max(0, this.#stopLimitMs - spentMs));
    this.#incarnation = undefined;
  }

  #crash(incarnation: Incarnation | undefined, error: unknown): void {
    if (incarnation === undefined || incarnation !== this.#incarnation) return;
    this.#lastFailure = messageOf(error);
    if (this.#state !== "up") return;
    this.#state = "backoff";
    const upForMs = this.#clock.monotonicMs() - this.#upSinceMs;
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
      this.#rules.refuse(letter, "actor-stopped", `the actor is ${this.#state}`);
    }
  }
}
