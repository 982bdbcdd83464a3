import { randomUUID } from "node:crypto";
import type { Cancel, Clock } from "../../runtime/clock.ts";
import type { LeaseAnswer, SecretName, SecretWish } from "../lease.ts";
import { type Ledger, LedgerFailure } from "../ledger/ledger.ts";
import type { LedgerEntry } from "../ledger/line.ts";
import type { Policy } from "./policy.ts";
import type { Found, Unavailable } from "./source.ts";

export interface BrokerOptions {
  readonly find: (name: SecretName) => Promise<Found | Unavailable | undefined>;
  readonly policy: Policy;
  readonly ledger: Pick<Ledger, "append">;
  /** Stamps the ledger. */
  readonly clock: Clock;
  /** Times the leases. */
  readonly machineClock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** How long a value is lent, and how long one serves while the vault is away, ms. */
  readonly leaseMs: number;
  /** Told when a value has changed: leases of it are void. */
  readonly onRevoked: (secret: SecretName) => void;
  /** Told of each value before anybody gets it, so that it is known what no log may show. */
  readonly onFound?: (found: Found) => void;
  /** Told of each line that was written into the ledger. */
  readonly onWritten?: (event: LedgerEntry["event"]) => void;
}

/** A secret that is at hand to be lent. */
interface LentSecret {
  readonly secret: SecretName;
  /** Since the vault confirmed it, ms. */
  readonly ageMs: number;
  /** How long it may be lent after that, ms. */
  readonly leaseMs: number;
}

interface Held {
  readonly found: Found;
  readonly version: number;
  /** Machine ms at which the vault last confirmed it. */
  confirmedAtMs: number;
}

/** Asked again at this share of a lease: an early answer, time for more tries. */
const RENEW_AT = 2 / 3;
/** The share of a lease after which a vault that did not answer is asked again. */
const RETRY_AFTER = 1 / 20;

/**
 * Lends secrets. Each wish is judged by the policy and written into the ledger before anything is
 * handed out; what cannot be written is not lent. Values are kept for the length of a lease, asked
 * for again before it ends, and void as soon as the vault has others.
 */
export class SecretBroker {
  readonly #options: BrokerOptions;
  readonly #held = new Map<SecretName, Held>();
  readonly #asking = new Map<SecretName, Promise<Held | Unavailable | undefined>>();
  readonly #renewals = new Map<SecretName, Cancel>();
  /** The newest version of each, also of those that are gone: a number is given once. */
  readonly #versions = new Map<SecretName, number>();
  #isClosed = false;

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  /** Nothing is lent that cannot be written down first. */
  async lease(wish: SecretWish): Promise<LeaseAnswer> {
    try {
      return await this.#judge(wish);
    } catch (error) {
      if (!(error instanceof LedgerFailure)) throw error;
      return { kind: "unavailable", reason: error.message };
    }
  }

  async #judge(wish: SecretWish): Promise<LeaseAnswer> {
    const { policy } = this.#options;
    if (this.#isClosed) return { kind: "unavailable", reason: "the hub is stopping" };
    if (!policy.allows(wish.who, wish.secret, wish.purpose)) {
      const reason = `${wish.who} may not have ${wish.secret} for ${wish.purpose}`;
      await this.#note(wish, "denied", { reason });
      return { kind: "denied", reason };
    }
    const held = await this.#hold(wish.secret);
    if (held === undefined) {
      await this.#note(wish, "absent");
      return { kind: "absent" };
    }
    if ("unavailable" in held) {
      await this.#note(wish, "unavailable", { reason: held.unavailable });
      return { kind: "unavailable", reason: held.unavailable };
    }
    const id = randomUUID();
    await this.#note(wish, "granted", { lease: id, version: String(held.version) });
    // While that was written the vault may have said something else.
    if (this.#held.get(wish.secret) !== held) return this.#judge(wish);
    const { parts, origin } = held.found;
    const validForMs = this.#leftMs(held);
    const { version } = held;
    return {
      kind: "granted",
      lease: { id, secret: wish.secret, parts, version, origin, validForMs },
    };
  }

  /** Asks the vault now whether a secret has changed, as after somebody said that it has. */
  async refresh(secret: SecretName): Promise<void> {
    if (this.#held.has(secret)) await this.#ask(secret);
  }

  /** What is at hand, and how old it is; never a value. */
  lent(): readonly LentSecret[] {
    const { machineClock, leaseMs } = this.#options;
    const now = machineClock.monotonicMs();
    return [...this.#held].map(([secret, { confirmedAtMs }]) => ({
      secret,
      ageMs: now - confirmedAtMs,
      leaseMs,
    }));
  }

  /** Forgets and overwrites every value. */
  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#renewals.values()) cancel();
    for (const { found } of this.#held.values()) destroy(found);
    this.#held.clear();
  }

  /** What is at hand and still good, or what the vault says. */
  async #hold(secret: SecretName): Promise<Held | Unavailable | undefined> {
    const held = this.#held.get(secret);
    if (held !== undefined && this.#leftMs(held) > 0) return held;
    return this.#ask(secret);
  }

  /** However many wait for the same secret, the vault is asked once. */
  #ask(secret: SecretName): Promise<Held | Unavailable | undefined> {
    const asking = this.#asking.get(secret) ?? this.#askVault(secret);
    this.#asking.set(secret, asking);
    void asking.finally(() => this.#asking.delete(secret)).catch(() => {});
    return asking;
  }

  async #askVault(secret: SecretName): Promise<Held | Unavailable | undefined> {
    const found = await this.#options.find(secret);
    const held = this.#held.get(secret);
    const isAway = found !== undefined && ("unavailable" in found || found.whileAway === true);
    if (isAway && held !== undefined && this.#leftMs(held) > 0) {
      // What was good a moment ago serves until its lease is over, and not a moment longer.
      if ("parts" in found) destroy(found);
      this.#renewLater(secret, RETRY_AFTER);
      return held;
    }
    if (found !== undefined && "unavailable" in found) {
      this.#renewLater(secret, RETRY_AFTER);
      return found;
    }
    if (found === undefined) {
      if (held !== undefined) this.#drop(secret, held);
      return undefined;
    }
    if (held !== undefined && isSame(held.found, found)) {
      destroy(found);
      held.confirmedAtMs = this.#options.machineClock.monotonicMs();
      this.#renewLater(secret);
      return held;
    }
    this.#options.onFound?.(found);
    const version = (this.#versions.get(secret) ?? 0) + 1;
    this.#versions.set(secret, version);
    const confirmedAtMs = this.#options.machineClock.monotonicMs();
    const fresh = { found, version, confirmedAtMs };
    if (held !== undefined) this.#drop(secret, held);
    if (this.#isClosed) destroy(found);
    else this.#held.set(secret, fresh);
    this.#renewLater(secret);
    return fresh;
  }

  #drop(secret: SecretName, held: Held): void {
    this.#held.delete(secret);
    destroy(held.found);
    const entry = { who: "vault", secret, purpose: "change", version: String(held.version) };
    // The value is void whether or not this can be written; the next lease cannot be without a line.
    void this.#write({ ...entry, event: "revoked" }).catch(() => {});
    this.#options.onRevoked(secret);
  }

  #renewLater(secret: SecretName, share = RENEW_AT): void {
    if (this.#isClosed) return;
    this.#renewals.get(secret)?.();
    const { machineClock, random, leaseMs } = this.#options;
    // A quarter of spread: many hubs, or many secrets of one, do not ask in step.
    const waitMs = leaseMs * share * (0.75 + random() / 4);
    const cancel = machineClock.after(waitMs, () => {
      if (this.#held.has(secret)) void this.#ask(secret).catch(() => {});
    });
    this.#renewals.set(secret, cancel);
  }

  #leftMs({ confirmedAtMs }: Held): number {
    const { machineClock, leaseMs } = this.#options;
    return confirmedAtMs + leaseMs - machineClock.monotonicMs();
  }

  async #note(
    { who, secret, purpose }: SecretWish,
    event: LedgerEntry["event"],
    more: Pick<LedgerEntry, "lease" | "version" | "reason"> = {},
  ): Promise<void> {
    await this.#write({ who, secret, purpose, event, ...more });
  }

  async #write(entry: Omit<LedgerEntry, "at">): Promise<void> {
    const { ledger, clock, onWritten } = this.#options;
    await ledger.append({ at: clock.nowMs(), ...entry });
    onWritten?.(entry.event);
  }
}

function isSame(a: Found, b: Found): boolean {
  const [left, right] = [Object.entries(a.parts), new Map(Object.entries(b.parts))];
  return (
    left.length === right.size &&
    left.every(([part, value]) => right.get(part)?.equals(value) === true)
  );
}

function destroy({ parts }: Found): void {
  for (const part of Object.values(parts)) part.destroy();
}
