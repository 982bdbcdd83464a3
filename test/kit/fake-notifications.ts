import type { Clock } from "../../src/runtime/clock.ts";
import type {
  Delivery,
  KeptNotification,
  NotificationStore,
} from "../../src/store/notification-port.ts";

type Row = { -readonly [K in keyof KeptNotification]: KeptNotification[K] } & {
  dueMs: number;
  madeMs: number;
  claim: string | undefined;
};

/** The notifications of a database in memory, on a clock that a test moves. */
export class FakeNotifications implements NotificationStore {
  readonly rows: Row[] = [];
  at = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async place(): Promise<number> {
    return this.at;
  }

  async add(
    rows: Parameters<NotificationStore["add"]>[0],
    read?: Parameters<NotificationStore["add"]>[1],
  ): Promise<boolean> {
    if (read !== undefined && read.from !== this.at) return false;
    this.at = read?.upTo ?? this.at;
    const now = this.#clock.monotonicMs();
    for (const row of rows) {
      const isKnown = this.rows.some(
        ({ channel, key }) => channel === row.channel && key === row.key,
      );
      const fresh = { id: this.rows.length + 1, attempts: 0, ageMs: 0, error: null };
      const open = { state: "waiting", dueMs: now, madeMs: now, claim: undefined } as const;
      if (!isKnown) this.rows.push({ ...row, ...fresh, ...open });
    }
    return true;
  }

  async claim(
    channel: string,
    claim: string,
    { limit, holdMs, patienceMs }: Parameters<NotificationStore["claim"]>[2],
  ): ReturnType<NotificationStore["claim"]> {
    const now = this.#clock.monotonicMs();
    const due = this.#waiting().filter((row) => row.channel === channel && row.dueMs <= now);
    const old = due.filter(({ madeMs }) => now - madeMs > patienceMs);
    for (const row of old) {
      Object.assign(row, { state: "dropped", claim: undefined });
      row.error ??= "it waited too long";
    }
    const taken = due.filter((row) => !old.includes(row)).slice(0, limit);
    for (const row of taken) {
      Object.assign(row, { claim, attempts: row.attempts + 1, dueMs: now + holdMs });
    }
    return { taken: taken.map((row) => this.#shown(row)), dropped: old.length };
  }

  async done(claim: string, ids: readonly number[], delivery: Delivery): Promise<void> {
    const isMeant = (one: Row): boolean => one.claim === claim && ids.includes(one.id);
    for (const row of this.#waiting().filter(isMeant)) {
      row.claim = undefined;
      row.error = delivery.kind === "sent" ? null : delivery.error;
      if (delivery.kind !== "again") row.state = delivery.kind;
      else row.dueMs = this.#clock.monotonicMs() + delivery.waitMs;
    }
  }

  async waiting(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const { channel } of this.#waiting()) counts[channel] = (counts[channel] ?? 0) + 1;
    return counts;
  }

  async list(limit: number, before = Number.POSITIVE_INFINITY): Promise<KeptNotification[]> {
    const rows = this.rows.filter(({ id }) => id < before).toReversed();
    return rows.slice(0, limit).map((row) => this.#shown(row));
  }

  #waiting(): Row[] {
    return this.rows.filter(({ state }) => state === "waiting");
  }

  #shown({ dueMs: _due, madeMs, claim: _claim, ...row }: Row): KeptNotification {
    return { ...row, ageMs: this.#clock.monotonicMs() - madeMs };
  }
}
