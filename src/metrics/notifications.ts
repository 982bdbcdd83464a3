import type { Maker } from "./make.ts";

const OUTCOMES = ["sent", "retried", "dropped"] as const;

/** What people are told outside of the hub, by channel. */
export class NotificationMetrics {
  readonly #total;
  readonly #pending;
  #channels: readonly string[] = [];

  constructor(make: Maker) {
    this.#total = make.counter(
      "engine_notifications_total",
      "Notifications sent, tried in vain, and given up",
      ["channel", "outcome"],
    );
    this.#pending = make.gauge(
      "engine_notifications_pending",
      "Notifications that no channel has taken yet",
      ["channel"],
    );
  }

  /** Starts the figures of every configured channel at zero. */
  know(channels: readonly string[]): void {
    this.#channels = channels;
    for (const channel of channels) {
      for (const outcome of OUTCOMES) this.#total.inc({ channel, outcome }, 0);
    }
    this.waiting({});
  }

  ended(channel: string, outcome: (typeof OUTCOMES)[number], count: number): void {
    this.#total.inc({ channel, outcome }, count);
  }

  /** What waits for a channel that is configured no more is left out: nobody will send it. */
  waiting(counts: Readonly<Record<string, number>>): void {
    for (const channel of this.#channels) this.#pending.set({ channel }, counts[channel] ?? 0);
  }
}
