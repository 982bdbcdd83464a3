import type { Fence } from "./lease-port.ts";

/**
 * The end of a hold is the database's to decide and reaches us late: this share of its time before
 * we stop, so that what was under way is over when somebody else begins.
 */
const MARGIN_SHARE = 0.2;

/**
 * What a hub may rely on of one lease. Its time is counted from before each question, on a clock that
 * never steps: it ends on this side first, also when no answer comes or the process was frozen.
 */
export class LeaseHold {
  readonly #lease: string;
  /** How long an answer may be relied on, ms from before its question. */
  readonly #usableMs: number;
  readonly #throughOutage: boolean;
  #epoch = 0;
  #untilMs = Number.NEGATIVE_INFINITY;
  #isSought = true;

  constructor(lease: string, ttlMs: number, throughOutage: boolean) {
    this.#lease = lease;
    this.#usableMs = ttlMs * (1 - MARGIN_SHARE);
    this.#throughOutage = throughOutage;
  }

  fence(nowMs: number): Fence | undefined {
    return this.leftMs(nowMs) > 0 ? { lease: this.#lease, epoch: this.#epoch } : undefined;
  }

  /** Until the hold ends by itself, ms; none when it has ended. */
  leftMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }

  /** The database said yes. Answers whether another hub has had the lease since the last yes. */
  prolong(askedAtMs: number, { epoch, sought }: { epoch: number; sought: boolean }): boolean {
    // Taken anew after an outage it has risen by one; anybody between would have raised it further.
    const isBroken = epoch > this.#epoch + 1;
    this.#epoch = epoch;
    this.#isSought = sought;
    this.#untilMs = askedAtMs + this.#usableMs;
    return isBroken;
  }

  /** The database did not answer. Where nobody else was heard of, that changes nothing. */
  outlast(askedAtMs: number): void {
    if (!this.#throughOutage || this.#isSought || this.leftMs(askedAtMs) === 0) return;
    this.#untilMs = askedAtMs + this.#usableMs;
  }

  /** Ends the hold now. Answers what there is to give back. */
  end(nowMs: number): Fence | undefined {
    const fence = this.fence(nowMs);
    this.#untilMs = Number.NEGATIVE_INFINITY;
    return fence;
  }
}
