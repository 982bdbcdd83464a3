import type { Notification } from "../market/notification.ts";

/** A notification for one channel, as it is kept. */
export interface KeptNotification extends Notification {
  readonly id: number;
  readonly channel: string;
  readonly state: "waiting" | "sent" | "dropped";
  /** Tries so far; one that is under way counts. */
  readonly attempts: number;
  /** Since it was written down, ms. */
  readonly ageMs: number;
  /** Why the last try failed. */
  readonly error: string | null;
}

/** What became of a try. */
export type Delivery =
  | { readonly kind: "sent" }
  | { readonly kind: "again"; readonly waitMs: number; readonly error: string }
  | { readonly kind: "dropped"; readonly error: string };

/** What people are told, kept until a channel has taken it. */
export interface NotificationStore {
  /** The event of the outbox from which to read on; at the first call its newest one. */
  place(): Promise<number>;
  /**
   * Writes notifications down for channels; the same key on the same channel again adds nothing.
   * @param read the place that was read from and the last event that was looked at: they move the place.
   * @returns false, and nothing is written, when somebody else has moved it.
   */
  add(
    rows: readonly (Notification & { readonly channel: string })[],
    read?: { readonly from: number; readonly upTo: number },
  ): Promise<boolean>;
  /**
   * Takes what is due on a channel, the oldest first; nobody else gets it for `holdMs`. What has
   * waited for `patienceMs` is dropped instead, and counted.
   */
  claim(
    channel: string,
    claim: string,
    terms: { readonly limit: number; readonly holdMs: number; readonly patienceMs: number },
  ): Promise<{ readonly taken: readonly KeptNotification[]; readonly dropped: number }>;
  /** Ends a claim for some of what was taken. */
  done(claim: string, ids: readonly number[], delivery: Delivery): Promise<void>;
  /** How many wait, by channel; a channel for which none does is left out. */
  waiting(): Promise<Readonly<Record<string, number>>>;
  /** The newest first. */
  list(limit: number, before?: number): Promise<readonly KeptNotification[]>;
}
