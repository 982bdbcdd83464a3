import type { Clock } from "./clock.ts";
import type { PendingAsk } from "./pending-ask.ts";
import { PostQueue } from "./post-queue.ts";
import type { MailboxSpec } from "./spec.ts";
import type { Turns } from "./turns.ts";

/** A message that waits for its turn; without an ask nobody waits for the answer. */
export interface Letter {
  readonly topic: string;
  readonly message: unknown;
  readonly ask: PendingAsk | undefined;
  /** Monotonic ms. */
  readonly arrivedMs: number;
}

/** Handles one message, or all of a batch. */
export type Work = (topic: string, payload: unknown) => unknown;

/** What was handed to the handler together; more than one only for a batch topic. */
export type Handed = readonly [Letter, ...Letter[]];

export interface MailboxOwner {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly limits: MailboxSpec;
  /** The most messages of that topic handed over at once; undefined when it is handled singly. */
  batchLimit(topic: string): number | undefined;
  /** Whether the next message may be handled while one of that topic still is. */
  isConcurrent(topic: string): boolean;
  /** Whether messages of that topic wait until no other does. */
  isPatient(topic: string): boolean;
  onHandled(handed: Handed, outcome: "ok" | "failed", startedMs: number): void;
  /** The handler threw: the mailbox is closed, the messages handed over are the owner's to answer. */
  onFailed(error: unknown, handed: Handed): void;
  /** No handler will see this message. */
  onOverflow(letter: Letter): void;
}

/**
 * Hands messages to an actor one at a time, in order of arrival, tells and asks alike; those that are
 * patient behind all others.
 * Closed at first; what arrives meanwhile waits, and is kept from one opening to the next.
 */
export class Mailbox {
  readonly #owner: MailboxOwner;
  readonly #queue = new PostQueue<Letter>();
  readonly #drain: () => void = () => this.#handleWaiting();
  #work: Work | undefined;
  /** Set while a handler runs that answers later. */
  #running: Handed | undefined;
  /** What concurrent handlers still work on; nothing waits for them. */
  readonly #beside = new Set<Handed>();
  /** What a handler says after its opening ended is not heard any more. */
  #opening = 0;
  #isScheduled = false;
  readonly #onQuiet: (() => void)[] = [];

  constructor(owner: MailboxOwner) {
    this.#owner = owner;
  }

  /** How many messages wait. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Leaves a message in the queue, or hands what overflows to the owner. */
  post(letter: Letter): void {
    const { limits } = this.#owner;
    if (this.#queue.length >= limits.capacity) {
      const oldest = limits.overflow === "dropOldest" ? this.#queue.dropOldest() : undefined;
      this.#owner.onOverflow(oldest ?? letter);
      if (oldest === undefined) return;
    }
    this.#queue.push(letter, this.#owner.isPatient(letter.topic));
    this.#schedule();
  }

  open(work: Work): void {
    this.#work = work;
    this.#opening++;
    this.#schedule();
  }

  /** Hands over nothing more; what waits is kept. */
  pause(): void {
    this.#work = undefined;
  }

  /** Resolves once the handler that runs has ended. */
  quiet(): Promise<void> {
    if (this.#running === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onQuiet.push(resolve);
    });
  }

  /** Pauses, stops listening to the handler that runs, and returns what it was handed. */
  forsake(): readonly Letter[] {
    const handed = [...(this.#running ?? []), ...[...this.#beside].flat()];
    this.#beside.clear();
    this.#work = undefined;
    this.#opening++;
    this.#end();
    return handed;
  }

  /** Takes out everything that waits. */
  takeAll(): Letter[] {
    const letters: Letter[] = [];
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      letters.push(next);
    }
    return letters;
  }

  #schedule(): void {
    const isIdle = this.#work !== undefined && this.#running === undefined && !this.#isScheduled;
    if (!isIdle || this.#queue.length === 0) return;
    this.#isScheduled = true;
    this.#owner.turns.soon(this.#drain);
  }

  #handleWaiting(): void {
    this.#isScheduled = false;
    while (this.#work !== undefined && this.#running === undefined) {
      if (this.#queue.length === 0) return;
      if (!this.#owner.turns.spend()) {
        this.#isScheduled = true;
        this.#owner.turns.later(this.#drain);
        return;
      }
      this.#handleNext(this.#work);
    }
  }

  #handleNext(work: Work): void {
    const first = this.#queue.shift();
    if (first === undefined) return;
    const limit = this.#owner.batchLimit(first.topic);
    const handed: Handed = limit === undefined ? [first] : [first, ...this.#takeMore(first, limit)];
    const payload = limit === undefined ? first.message : handed.map((letter) => letter.message);
    const startedMs = this.#owner.clock.monotonicMs();
    const opening = this.#opening;
    if (this.#owner.isConcurrent(first.topic)) this.#beside.add(handed);
    else this.#running = handed;
    try {
      const answer = work(first.topic, payload);
      if (!isThenable(answer)) {
        this.#finish(handed, limit !== undefined, answer, startedMs, opening);
        return;
      }
      answer.then(
        (value) => {
          this.#finish(handed, limit !== undefined, value, startedMs, opening);
          this.#handleWaiting();
        },
        (error: unknown) => this.#fail(error, handed, startedMs, opening),
      );
    } catch (error) {
      this.#fail(error, handed, startedMs, opening);
    }
  }

  /** The waiting messages of the same topic that follow at once. */
  #takeMore(first: Letter, limit: number): Letter[] {
    const more: Letter[] = [];
    while (more.length + 1 < limit && this.#queue.peek()?.topic === first.topic) {
      more.push(this.#queue.shift() as Letter);
    }
    return more;
  }

  #finish(handed: Handed, isBatch: boolean, answer: unknown, startedMs: number, opening: number) {
    if (opening !== this.#opening) return;
    const answers = isBatch ? answer : [answer];
    const isAsked = handed.some((letter) => letter.ask !== undefined);
    if (isAsked && !(Array.isArray(answers) && answers.length === handed.length)) {
      const error = new TypeError(
        `${handed[0].topic} must answer a batch with one answer each: ${handed.length} were asked`,
      );
      this.#fail(error, handed, startedMs, opening);
      return;
    }
    this.#end(handed);
    this.#owner.onHandled(handed, "ok", startedMs);
    if (!isAsked) return;
    handed.forEach((letter, at) => letter.ask?.answer((answers as readonly unknown[])[at]));
  }

  #fail(error: unknown, handed: Handed, startedMs: number, opening: number): void {
    if (opening !== this.#opening) return;
    this.#work = undefined;
    this.#end(handed);
    this.#owner.onHandled(handed, "failed", startedMs);
    this.#owner.onFailed(error, handed);
  }

  /** Ends what was handed over; without it, whatever runs. */
  #end(handed?: Handed): void {
    if (handed !== undefined && this.#beside.delete(handed)) return;
    this.#running = undefined;
    for (const resolve of this.#onQuiet.splice(0)) resolve();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
