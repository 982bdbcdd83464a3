import type { HubEvent } from "../market/events.ts";
import { type Liveness, livenessOf, type Progress } from "../market/liveness.ts";
import { parseSeriesKey, type Series, seriesKey } from "../market/series.ts";
import { closeTimeOf } from "../market/timeframe.ts";
import type { Clock } from "../runtime/clock.ts";
import type { KitEvent } from "../runtime/spec.ts";

export interface LivenessDeps {
  /** An exchange's clock, UTC ms: what is due is due by it, whatever became of the hub's. */
  readonly nowMs: (exchange: string) => number;
  readonly machineClock: Clock;
  /** What is followed by now, with the newest candle stored of each; undefined until that was read. */
  readonly watched: () =>
    | readonly (Series & { readonly newestOpenTime: number | null })[]
    | undefined;
  /** Whether the work on an exchange is this hub's. */
  readonly isOurs: (exchange: string) => boolean;
  readonly isTraded: (series: Series, openTime: number) => boolean;
  readonly graceMs: number;
}

type Known = { -readonly [K in keyof Progress]: Progress[K] };

/** A look serves all who ask within this time, machine ms. */
const LOOK_LIFE_MS = 500;
const ANALYST = /(?:^|\/)analyst:(.+)$/;

/** Follows by what happens how far the work on each series has come. */
export class LivenessWatch {
  readonly #deps: LivenessDeps;
  readonly #known = new Map<string, Known>();
  #last: { readonly at: number; readonly liveness: Liveness } | undefined;

  constructor(deps: LivenessDeps) {
    this.#deps = deps;
  }

  /** Takes over what was known to be absent before this start. */
  learn(
    gaps: readonly { readonly series: Series; readonly openTime: number }[],
    isOwed: boolean,
  ): void {
    for (const gap of gaps) this.#absent(gap, isOwed);
  }

  onEvent(event: HubEvent): void {
    if (event.kind === "candle-saved") this.#saved(event);
    if (event.kind === "history-saved") this.#stored(this.#of(event.series), event.newestOpenTime);
    if (event.kind === "retry-pending" || event.kind === "gap-opened") this.#absent(event, true);
    if (event.kind === "gap-confirmed-empty") this.#absent(event, false);
  }

  /** An analyst that has ended with what it had in hand, or begun anew, is done with the newest candle. */
  onKitEvent(event: KitEvent): void {
    const isDone = event.kind === "handled" && event.topic !== "arm" && event.outcome === "ok";
    if (!isDone && event.kind !== "started") return;
    const series = parseSeriesKey(ANALYST.exec(event.actor)?.[1] ?? "");
    if (series !== undefined) this.#of(series).thinkingSince = undefined;
  }

  /** What was due and what was done, as of now. */
  now(): Liveness {
    const at = this.#deps.machineClock.monotonicMs();
    if (this.#last === undefined || at - this.#last.at > LOOK_LIFE_MS) {
      this.#last = { at, liveness: this.#look() };
    }
    return this.#last.liveness;
  }

  /**
   * Why no series of an exchange that is due can be trusted to be up to date; null when some can,
   * undefined when none is due.
   */
  staleness(exchange: string): string | null | undefined {
    const { due, late } = this.#judge((series) => series.exchange === exchange);
    if (due === 0) return undefined;
    if (late.length < due) return null;
    return `none of ${due} series has its newest candle, for up to ${Math.round((late[0]?.lateMs ?? 0) / 1_000)} s`;
  }

  #look(): Liveness {
    const watched = this.#deps.watched();
    if (watched === undefined) return { state: "healthy", due: 0, late: [] };
    const followed = new Set<string>();
    for (const series of watched) {
      followed.add(seriesKey(series));
      const known = this.#of(series);
      if (series.newestOpenTime !== null) this.#stored(known, series.newestOpenTime);
    }
    for (const key of this.#known.keys()) if (!followed.has(key)) this.#known.delete(key);
    return this.#judge(() => true);
  }

  #judge(isMeant: (series: Series) => boolean): Liveness {
    const { nowMs, isOurs, isTraded, graceMs } = this.#deps;
    const ours = [...this.#known.values()].filter(
      ({ series }) => isMeant(series) && isOurs(series.exchange),
    );
    return livenessOf(ours, { nowMs, graceMs, isTraded });
  }

  #saved({
    series,
    openTime,
    closeTime,
    novelty,
  }: Extract<HubEvent, { kind: "candle-saved" }>): void {
    const known = this.#of(series);
    this.#stored(known, openTime);
    const now = this.#deps.nowMs(series.exchange);
    // Only a new candle whose own window still runs is thought about.
    const isNews = novelty === "new" && now < closeTimeOf(series.timeframe, closeTime);
    if (isNews) known.thinkingSince ??= now;
  }

  #stored(known: Known, openTime: number): void {
    if (known.stored === undefined || openTime > known.stored) known.stored = openTime;
  }

  #absent({ series, openTime }: { series: Series; openTime: number }, isOwed: boolean): void {
    const known = this.#of(series);
    if (known.absent !== undefined && openTime < known.absent) return;
    known.absent = openTime;
    known.isOwed = isOwed;
  }

  #of({ exchange, pair, timeframe }: Series): Known {
    const series = { exchange, pair, timeframe };
    const key = seriesKey(series);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = {
        series,
        stored: undefined,
        absent: undefined,
        isOwed: false,
        thinkingSince: undefined,
        followedSince: this.#deps.nowMs(exchange),
      };
      this.#known.set(key, known);
    }
    return known;
  }
}
