import type { HubEvent } from "../market/events.ts";
import type { Clock } from "../runtime/clock.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Reasons are names of checks; more of them than this are not told apart. */
const MOST_REASONS = 50;

interface Hour {
  accepted: number;
  refused: number;
  readonly reasons: Map<string, number>;
}

/** What the last 24 hours brought, as far as this process saw them. */
export interface TallyView {
  readonly accepted: number;
  readonly refused: number;
  /** Refusals by check, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** When the newest verdict was given; null when there was none. */
  readonly newestAt: number | null;
}

/** Counts verdicts by the hour, so that a day's sum needs no list of them. */
export class Tally {
  readonly #clock: Clock;
  readonly #hours = new Map<number, Hour>();
  #newestAt: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(event: HubEvent, at: number): void {
    if (event.kind !== "verdict-given") return;
    const hour = this.#hour(Math.floor(at / HOUR_MS));
    this.#newestAt = Math.max(at, this.#newestAt ?? at);
    if (event.decision === "accepted") {
      hour.accepted += 1;
      return;
    }
    hour.refused += 1;
    for (const reason of event.reasons) {
      const count = hour.reasons.get(reason);
      if (count === undefined && hour.reasons.size >= MOST_REASONS) continue;
      hour.reasons.set(reason, (count ?? 0) + 1);
    }
  }

  view(): TallyView {
    this.#dropOld();
    const reasons = new Map<string, number>();
    let accepted = 0;
    let refused = 0;
    for (const hour of this.#hours.values()) {
      accepted += hour.accepted;
      refused += hour.refused;
      for (const [reason, count] of hour.reasons) {
        reasons.set(reason, (reasons.get(reason) ?? 0) + count);
      }
    }
    const ranked = [...reasons].map(([reason, count]) => ({ reason, count }));
    ranked.sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
    return { accepted, refused, reasons: ranked, newestAt: this.#newestAt };
  }

  #hour(number: number): Hour {
    const known = this.#hours.get(number);
    if (known !== undefined) return known;
    this.#dropOld();
    const hour = { accepted: 0, refused: 0, reasons: new Map<string, number>() };
    this.#hours.set(number, hour);
    return hour;
  }

  #dropOld(): void {
    const oldest = Math.floor(this.#clock.nowMs() / HOUR_MS) - HOURS;
    for (const number of this.#hours.keys()) if (number <= oldest) this.#hours.delete(number);
  }
}
