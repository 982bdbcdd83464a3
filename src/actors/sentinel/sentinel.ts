import type { Clock } from "../../runtime/clock.ts";
import type { Handlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import { StoreFailure } from "../../store/errors.ts";
import type { PulseStore } from "../../store/port.ts";
import type { SecretBroker } from "../../vault/broker/broker.ts";
import type { Census } from "../../vault/broker/census.ts";
import { sealLease } from "../../vault/broker/sealed-lease.ts";
import { ShownKeys } from "../../vault/broker/shown-keys.ts";
import type {
  Lease,
  LeaseAnswer,
  SealedAnswer,
  SealedWish,
  SecretWish,
} from "../../vault/lease.ts";
import type { Ledger } from "../../vault/ledger/ledger.ts";
import { Anchors } from "./anchors.ts";
import { forkOf } from "./fork.ts";
import { type LedgerWatchDeps, watchLedger } from "./ledger-watch.ts";
import type {
  AuditEntry,
  Identity,
  SentinelProtocol,
  TokenAnswer,
  TokenOrder,
  TokenRevocation,
} from "./protocol.ts";
import type { TokenBook } from "./token-book.ts";

export interface SentinelDeps extends LedgerWatchDeps {
  readonly pulse: PulseStore;
  /** Outlives the sentinel; the tokens themselves are nowhere in memory. */
  readonly tokens: TokenBook;
  readonly broker: Pick<SecretBroker, "lease">;
  readonly census: Pick<Census, "refresh">;
  readonly ledger: Pick<Ledger, "head" | "id">;
  readonly clock: Clock;
}

/** Lines of the ledger that no note outside covers yet are at most this old, machine ms. */
const ANCHOR_EVERY_MS = 60_000;
/** A credential that somebody stored shows in the list of brokers within this time, machine ms. */
const CENSUS_EVERY_MS = 300_000;
/** What another hub does to a token is known here within this time, machine ms. */
const TOKENS_EVERY_MS = 2_000;
/** So far behind may be what the database knows of the use of tokens, machine ms. */
const USES_EVERY_MS = 60_000;

/**
 * Knows who may do what, writes down who did, and is the only way to a secret.
 *
 * Keeps no state but which keys were shown to it, which a restart forgets; the tokens it knows outlive
 * it, since the database may be away when it starts again. While it is down nobody is
 * let in, no secret is lent, and nothing is changed without a line about it. Leases that were given
 * stay good.
 */
export class Sentinel implements Handlers<SentinelProtocol> {
  readonly #deps: SentinelDeps;
  readonly #context: ActorContext<SentinelProtocol>;
  readonly #anchors: Anchors;
  readonly #shownKeys = new ShownKeys();

  constructor(deps: SentinelDeps, context: ActorContext<SentinelProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#anchors = new Anchors(deps.ledger, deps.pulse);
  }

  start(): void {
    void this.#again(ANCHOR_EVERY_MS, () => this.#anchor());
    void this.#again(CENSUS_EVERY_MS, () => this.census());
    const { gate, tokens } = this.#deps;
    const { signal } = this.#context;
    void watchLedger(this.#deps, signal);
    void this.#again(TOKENS_EVERY_MS, () => gate.run(signal, () => tokens.refresh()));
    void this.#again(USES_EVERY_MS, () => gate.run(signal, () => tokens.saveUses()));
  }

  /** What was lent last is noted as well, unless the database is away; the next start notes it then. */
  async stop(): Promise<void> {
    if (!this.#anchors.isBehind) return;
    await this.#anchors.note(this.#deps.clock.nowMs()).catch((error: unknown) => {
      if (!(error instanceof StoreFailure)) throw error;
    });
  }

  identify({ tokenHash }: { readonly tokenHash: string }): Identity | null {
    return this.#deps.tokens.identify(tokenHash);
  }

  createToken(order: TokenOrder): Promise<TokenAnswer> {
    return this.#deps.tokens.create(order);
  }

  revokeToken({ id, by }: { readonly id: string; readonly by: string }): Promise<TokenRevocation> {
    return this.#deps.tokens.revoke(id, by);
  }

  async record({ who, what, detail }: AuditEntry): Promise<void> {
    const at = this.#deps.clock.nowMs();
    const write = (): Promise<void> => this.#deps.pulse.audit({ at, who, what, detail });
    await this.#deps.gate.run(this.#context.signal, write);
  }

  async lease(wish: SecretWish): Promise<LeaseAnswer> {
    const { broker, publish } = this.#deps;
    const answer = await broker.lease(wish);
    const reason = "reason" in answer ? { reason: answer.reason } : {};
    publish({ kind: "secret-asked", ...wish, outcome: answer.kind, ...reason });
    return answer;
  }

  async leaseSealed(wish: SealedWish): Promise<SealedAnswer> {
    const { secret, purpose, publicKey } = wish;
    // It comes from another process, which may send anything.
    if (![secret, purpose, publicKey].every((part) => typeof part === "string")) {
      return { kind: "denied", reason: "it is no wish for a secret" };
    }
    const who = forkOf(secret);
    if (!this.#shownKeys.admit(publicKey)) {
      const reason = "its public key was shown before";
      this.#deps.publish({ kind: "secret-asked", who, secret, purpose, outcome: "denied", reason });
      return { kind: "denied", reason };
    }
    const answer = await this.lease({ who, secret, purpose });
    return answer.kind === "granted" ? sealed(answer.lease, publicKey) : answer;
  }

  async census(): Promise<void> {
    await this.#deps.census.refresh();
  }

  async #anchor(): Promise<void> {
    if (!this.#anchors.isBehind) return;
    const { clock, gate } = this.#deps;
    await gate.run(this.#context.signal, () => this.#anchors.note(clock.nowMs()));
  }

  /** Works now, and again after each wait; a failure is the actor's own. */
  async #again(waitMs: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#context;
    try {
      for (;;) {
        await work();
        await this.#deps.machineClock.sleep(waitMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#context.fail(error);
    }
  }
}

/** A key that is none, or a value that has changed since, is no failure of the sentinel's. */
function sealed(lease: Lease, publicKey: string): SealedAnswer {
  try {
    return { kind: "granted", lease: sealLease(lease, publicKey) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: "unavailable", reason: error.message };
  }
}

/** A write that waits for the database, or a vault that answers slowly, must not lock everybody out. */
const concurrent = {
  record: true,
  lease: true,
  leaseSealed: true,
  census: true,
  createToken: true,
  revokeToken: true,
} as const;

/** How the system starts the sentinel. */
export function sentinelSpec(deps: SentinelDeps): LocalSpec<SentinelProtocol> {
  return {
    id: "sentinel",
    topics: { identify: true, ...concurrent },
    concurrent,
    create: (context) => new Sentinel(deps, context),
    mailbox: { capacity: 10_000, overflow: "reject" },
  };
}
