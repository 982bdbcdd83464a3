import type { HubEvent } from "../market/events.ts";
import type { Cancel, Clock } from "../runtime/clock.ts";
import { FailureError, messageOf } from "../runtime/errors.ts";
import { withLimit } from "../runtime/limit.ts";
import { StoreFailure } from "./errors.ts";
import { LeaseHold } from "./lease-hold.ts";
import type { Fence, LeaseAnswer, LeaseStore } from "./lease-port.ts";

export interface ClaimDeps {
  readonly leases: LeaseStore;
  /** The machine's clock: leases have nothing to do with the hub's. */
  readonly machineClock: Clock;
  /** 0 to below 1; keeps hubs that started together from asking together. */
  readonly random: () => number;
  /** This process: a UUID, and the same for people. */
  readonly holder: string;
  readonly instance: string;
  readonly ttlMs: number;
  /** True where every earlier holder is known to be dead: the first question takes the lease from it. */
  readonly takesOver: boolean;
  /** An earlier holder that is known to be dead: the first question takes the lease from it. */
  readonly predecessor: string | undefined;
  readonly publish: (event: HubEvent) => void;
}

/** A hold is prolonged after a third of its time: two questions may stay without an answer. */
const RENEW_SHARE = 1 / 3;
/** How much of a wait chance takes away. */
const JITTER_SHARE = 0.2;
const ASK_LIMIT_SHARE = 1 / 4;
const RETRY_SHARE = 1 / 20;
/** A hub in wait looks at least this often, so that a lease given back lies idle no longer, ms. */
const LONGEST_LOOK_MS = 1_000;
const RELEASE_LIMIT_MS = 2_000;

/** Asks for one lease again and again, whether it is held or not, and tells when that changes. */
export class LeaseClaim {
  readonly #deps: ClaimDeps;
  readonly #name: string;
  readonly #hold: LeaseHold;
  readonly #onChange: (isHeld: boolean) => void;
  readonly #ending = new AbortController();
  readonly #asking: Promise<void>;
  #isAnswered: () => void = () => undefined;
  /** Resolves with the first answer, or with the first question that got none. */
  readonly answered = new Promise<void>((resolve) => (this.#isAnswered = resolve));
  /** Until the first answer: later, whoever holds it is alive. */
  #mayTakeOver = true;
  #isHeld = false;
  #heldBy: string | undefined;
  #cancelEnd: Cancel = () => undefined;

  /** @param after what is waited for before the first question. */
  constructor(
    deps: ClaimDeps,
    name: string,
    throughOutage: boolean,
    onChange: (isHeld: boolean) => void,
    after: Promise<void>,
  ) {
    this.#deps = deps;
    this.#name = name;
    this.#hold = new LeaseHold(name, deps.ttlMs, throughOutage);
    this.#onChange = onChange;
    this.#asking = after.then(() => this.#askOn());
  }

  fence(): Fence | undefined {
    return this.#hold.fence(this.#now());
  }

  /** Asks no more, and gives back what is held. */
  async end(): Promise<void> {
    const { leases, machineClock, holder } = this.#deps;
    this.#ending.abort();
    // A question under way may still bring the lease; it is waited for, and its limit is short.
    await this.#asking;
    const fence = this.#hold.end(this.#now());
    this.#look("");
    if (fence === undefined) return;
    const released = leases.release(fence, holder);
    // Without an answer it runs out by itself.
    await withLimit(machineClock, RELEASE_LIMIT_MS, "giving back", released).catch(unlessForeseen);
  }

  async #askOn(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const waitMs = await this.#ask();
      this.#isAnswered();
      await this.#deps.machineClock.sleep(waitMs, signal).catch(() => undefined);
    }
    this.#isAnswered();
  }

  /** Asks once; answers how long to wait before the next time, ms. */
  async #ask(): Promise<number> {
    const { leases, machineClock, holder, instance, ttlMs } = this.#deps;
    const timeoutMs = ttlMs * ASK_LIMIT_SHARE;
    const askedAtMs = this.#now();
    const force = this.#mayTakeOver && this.#deps.takesOver;
    const predecessor = this.#mayTakeOver ? this.#deps.predecessor : undefined;
    try {
      const wish = { name: this.#name, holder, instance, ttlMs, timeoutMs, force, predecessor };
      const what = `lease ${this.#name}`;
      const answer = await withLimit(machineClock, timeoutMs, what, leases.acquire(wish));
      this.#mayTakeOver = false;
      return this.#take(askedAtMs, answer);
    } catch (error) {
      unlessForeseen(error);
      // A database that refuses is there, and may well serve somebody else.
      const isAway = !(error instanceof StoreFailure) || error.fault === "offline";
      if (isAway) this.#hold.outlast(askedAtMs);
      this.#look(messageOf(error));
      return this.#jittered(ttlMs * RETRY_SHARE);
    }
  }

  #take(askedAtMs: number, answer: LeaseAnswer): number {
    const renewMs = this.#deps.ttlMs * RENEW_SHARE;
    if (answer.kind === "held") {
      const isBroken = this.#hold.prolong(askedAtMs, answer);
      if (isBroken) this.#tell(false, "another hub has had it meanwhile");
      this.#look("its time ran out");
      return this.#jittered(renewMs);
    }
    const { by, leftMs } = answer;
    this.#hold.end(this.#now());
    this.#look(`${by} holds it`);
    if (by !== this.#heldBy) {
      this.#heldBy = by;
      this.#deps.publish({ kind: "lease-held-elsewhere", lease: this.#name, by });
    }
    // Its end is known to the millisecond; a release before it is not.
    return Math.min(leftMs + 1, this.#jittered(Math.min(renewMs, LONGEST_LOOK_MS)));
  }

  #jittered(waitMs: number): number {
    return waitMs * (1 - JITTER_SHARE * this.#deps.random());
  }

  /** Tells whoever has to know what has changed, and looks again when the hold ends by itself. */
  #look(whyLost: string): void {
    this.#cancelEnd();
    const leftMs = this.#hold.leftMs(this.#now());
    if (leftMs > 0) {
      const look = (): void => this.#look(whyLost);
      this.#cancelEnd = this.#deps.machineClock.after(leftMs, look);
    }
    this.#tell(leftMs > 0, whyLost);
  }

  #tell(isHeld: boolean, reason: string): void {
    // Nobody takes up what is about to be given back.
    if (isHeld === this.#isHeld || (isHeld && this.#ending.signal.aborted)) return;
    this.#isHeld = isHeld;
    // Those who must stop come before those who only want to know.
    this.#onChange(isHeld);
    const lease = this.#name;
    const { publish } = this.#deps;
    if (isHeld) {
      this.#heldBy = undefined;
      publish({ kind: "lease-gained", lease, epoch: this.fence()?.epoch ?? 0 });
      return;
    }
    // What is given back is not lost.
    if (!this.#ending.signal.aborted) publish({ kind: "lease-lost", lease, reason });
  }

  #now(): number {
    return this.#deps.machineClock.monotonicMs();
  }
}

/** A database that is away, or that does not answer in time, is foreseen. */
function unlessForeseen(error: unknown): void {
  if (!(error instanceof FailureError)) throw error;
}
