import type { HubEvent } from "../market/events.ts";

/** How books and broker compared last, as far as this process saw it. */
export interface ComparisonView {
  /** What was compared and when, UTC ms; null until a first comparison came about. */
  readonly last: {
    readonly at: number;
    readonly positions: number;
    readonly orders: number;
    /** Pairs of which they did not say the same. */
    readonly mismatches: number;
  } | null;
  /** Why they cannot be compared, and since when, UTC ms; null once they were again. */
  readonly failing: { readonly since: number; readonly reason: string } | null;
}

/** Remembers the newest comparison; the next process makes its own before it sends anything. */
export class LastComparison {
  #view: ComparisonView = { last: null, failing: null };

  get view(): ComparisonView {
    return this.#view;
  }

  note(event: HubEvent, at: number): void {
    if (event.kind === "books-compared") {
      const { positions, orders, mismatches } = event;
      this.#view = { last: { at, positions, orders, mismatches }, failing: null };
    } else if (event.kind === "books-not-compared") {
      this.#view = { ...this.#view, failing: { since: at, reason: event.reason } };
    }
  }
}
