import type { Series } from "../../market/series.ts";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import { FailureError, messageOf } from "../../runtime/errors.ts";
import type { Ref } from "../../runtime/protocol.ts";
import type { AnalystProtocol } from "../analyst/protocol.ts";
import type { StoredSeries } from "../architect/protocol.ts";
import type { WatchedSeries } from "./protocol.ts";
import type { Venue } from "./venues.ts";

/** A first load pages through history behind everybody else's requests. */
const FOLLOW_TIMEOUT_MS = 120_000;
const ARM_TIMEOUT_MS = 30_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Brings one followed series to the point where its analyst waits for the next candle, and tries
 * again for as long as its exchange does not answer.
 */
export class Follower {
  readonly stored: StoredSeries;
  readonly series: Series;
  /** Undefined while the analyst could not even be started. */
  analyst: Ref<AnalystProtocol> | undefined;
  parked = false;
  #armed = false;
  readonly #clock: Clock;
  #candles: number;
  /** What its analyst thinks with. */
  #strategies: string;
  /** More history is on its way, and the analyst has to take it in. */
  #owesReload = false;
  #retry: Cancel | undefined;
  /** Whose bell rings for it. */
  #venue: Venue | undefined;
  #isOver = false;

  constructor(stored: StoredSeries, candles: number, strategies: string, machineClock: Clock) {
    const { exchange, pair, timeframe } = stored;
    this.stored = stored;
    this.series = { exchange, pair, timeframe };
    this.#candles = candles;
    this.#strategies = strategies;
    this.#clock = machineClock;
  }

  get state(): WatchedSeries["state"] {
    if (this.parked) return "parked";
    return this.#armed ? "armed" : "arming";
  }

  /** Has each close of its timeframe told, from now on; once, however often it is asked for. */
  ring(venue: Venue): void {
    if (this.#venue === undefined) venue.bell.join(this.series.timeframe);
    this.#venue = venue;
  }

  /** Ends the following where its exchange is concerned. */
  leave(): void {
    this.stop();
    this.#venue?.harvester.tell("forget", this.series);
    this.#venue?.bell.leave(this.series.timeframe);
  }

  /** Has history loaded and the analyst ready; answers why not yet, and then goes on by itself. */
  async arm(venue: Venue): Promise<string | undefined> {
    this.#retry?.();
    const reason = await this.#tryArm(venue);
    if (reason !== undefined) this.armLater(venue, FIRST_RETRY_MS);
    return reason;
  }

  /**
   * Has the analyst begin anew when its strategies are not what they were. It does so at once, since
   * what was switched off must not go on for want of history.
   * @returns whether they are others, and whether they need more history: then it has to be armed
   *   again.
   */
  rethink(
    strategies: string,
    candles: number,
  ): { readonly isOther: boolean; readonly isDeeper: boolean } {
    if (strategies === this.#strategies) return { isOther: false, isDeeper: false };
    this.#strategies = strategies;
    this.analyst?.tell("reload", { reason: "other strategies" });
    const isDeeper = candles > this.#candles;
    this.#candles = Math.max(candles, this.#candles);
    this.#owesReload ||= isDeeper;
    return { isOther: true, isDeeper };
  }

  /** Its harvester is gone, or has started and follows nothing yet: no candle can come. */
  disarm(): void {
    this.#armed = false;
  }

  /** Arms in the background, after a wait; each try in vain doubles the next wait. */
  armLater(venue: Venue, waitMs: number): void {
    this.disarm();
    this.#retry?.();
    if (this.#isOver) return;
    this.#retry = this.#clock.after(waitMs, () => {
      void this.#tryArm(venue).then((reason) => {
        const next = Math.min(LONGEST_RETRY_MS, Math.max(FIRST_RETRY_MS, waitMs * 2));
        if (reason !== undefined) this.armLater(venue, next);
      });
    });
  }

  /** Plans nothing further, whatever is still under way. */
  stop(): void {
    this.#isOver = true;
    this.#retry?.();
  }

  async #tryArm({ harvester }: Venue): Promise<string | undefined> {
    const order = { series: this.series, seriesId: this.stored.id, candles: this.#candles };
    const owesReload = this.#owesReload;
    try {
      const answer = await harvester.ask("follow", order, { timeoutMs: FOLLOW_TIMEOUT_MS });
      if (answer.kind === "waiting") return answer.reason;
      if (owesReload) {
        this.#owesReload = false;
        this.analyst?.tell("reload", { reason: "more history" });
      }
      await this.analyst?.ask("arm", null, { timeoutMs: ARM_TIMEOUT_MS });
      this.#armed = true;
      return undefined;
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      return messageOf(error);
    }
  }
}
