import type { Clock } from "../../src/runtime/clock.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import type {
  Fence,
  LeaseAnswer,
  LeaseRow,
  LeaseStore,
  LeaseWish,
} from "../../src/store/lease-port.ts";

interface Held {
  holder: string;
  instance: string;
  epoch: number;
  expiresAt: number;
  soughtUntil: number;
}

/** Leases in memory, on a clock that a test moves; they obey the same contract as the real ones. */
export class FakeLeaseStore implements LeaseStore {
  /** `down` fails at once, `silent` never answers, `deaf` does as it is asked and never answers. */
  mood: "ok" | "down" | "silent" | "deaf" = "ok";
  readonly asked: LeaseWish[] = [];
  readonly #clock: Clock;
  readonly #leases: Map<string, Held>;

  constructor(clock: Clock, leases = new Map<string, Held>()) {
    this.#clock = clock;
    this.#leases = leases;
  }

  /** Another way to the same leases, with a mood of its own. */
  beside(): FakeLeaseStore {
    return new FakeLeaseStore(this.#clock, this.#leases);
  }

  acquire(wish: LeaseWish): Promise<LeaseAnswer> {
    this.asked.push(wish);
    return this.#answer(() => this.#acquire(wish));
  }

  release({ lease, epoch }: Fence, holder: string): Promise<void> {
    return this.#answer(() => {
      const held = this.#leases.get(lease);
      if (held?.holder === holder && held.epoch === epoch) held.expiresAt = this.#now();
    });
  }

  list(): Promise<readonly LeaseRow[]> {
    return this.#answer(() =>
      [...this.#leases]
        .map(([name, { holder, instance, epoch, expiresAt }]) => {
          return { name, holder, instance, epoch, leftMs: Math.max(0, expiresAt - this.#now()) };
        })
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    );
  }

  #acquire({ name, holder, instance, ttlMs, force, predecessor }: LeaseWish): LeaseAnswer {
    const now = this.#now();
    const before = this.#leases.get(name);
    const isOver = before === undefined || before.expiresAt <= now;
    if (!isOver && before.holder !== holder && force !== true && before.holder !== predecessor) {
      before.soughtUntil = now + ttlMs;
      return { kind: "taken", by: before.instance, leftMs: before.expiresAt - now };
    }
    const isProlonged = !isOver && before.holder === holder;
    const epoch = (before?.epoch ?? 0) + (isProlonged ? 0 : 1);
    const soughtUntil = before?.soughtUntil ?? 0;
    this.#leases.set(name, { holder, instance, epoch, expiresAt: now + ttlMs, soughtUntil });
    return { kind: "held", epoch, sought: soughtUntil > now };
  }

  async #answer<T>(work: () => T): Promise<T> {
    const { mood } = this;
    await Promise.resolve();
    if (mood === "down") throw new StoreFailure("offline", "ECONNREFUSED", "the database is away");
    const answer = mood === "silent" ? undefined : work();
    return mood === "ok" ? (answer as T) : new Promise<T>(() => {});
  }

  #now(): number {
    return this.#clock.monotonicMs();
  }
}
