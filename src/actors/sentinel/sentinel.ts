import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../../runtime/clock.ts";
import type { Handlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { PulseStore } from "../../store/port.ts";
import type { AuditEntry, Identity, SentinelProtocol } from "./protocol.ts";

export interface SentinelDeps {
  readonly pulse: PulseStore;
  /** SHA-256 (hex) of each token and whose it is; the tokens themselves are nowhere in memory. */
  readonly tokens: () => readonly { readonly hash: string; readonly identity: Identity }[];
  readonly clock: Clock;
  readonly gate: StoreGate;
}

/**
 * Knows who may do what, and writes down who did.
 *
 * Keeps no state. While it is down nobody is let in, and nothing is changed without a line about it.
 */
export class Sentinel implements Handlers<SentinelProtocol> {
  readonly #deps: SentinelDeps;
  readonly #context: ActorContext<SentinelProtocol>;

  constructor(deps: SentinelDeps, context: ActorContext<SentinelProtocol>) {
    this.#deps = deps;
    this.#context = context;
  }

  identify({ tokenHash }: { readonly tokenHash: string }): Identity | null {
    const presented = Buffer.from(tokenHash, "hex");
    let found: Identity | null = null;
    // Every token is compared, so that the time taken says nothing about which one was close.
    for (const { hash, identity } of this.#deps.tokens()) {
      const known = Buffer.from(hash, "hex");
      if (known.length === presented.length && timingSafeEqual(known, presented)) found = identity;
    }
    return found;
  }

  async record({ who, what, detail }: AuditEntry): Promise<void> {
    const at = this.#deps.clock.nowMs();
    const write = (): Promise<void> => this.#deps.pulse.audit({ at, who, what, detail });
    await this.#deps.gate.run(this.#context.signal, write);
  }
}

/** How the system starts the sentinel. */
export function sentinelSpec(deps: SentinelDeps): LocalSpec<SentinelProtocol> {
  return {
    id: "sentinel",
    topics: { identify: true, record: true },
    // A write that waits for the database must not lock everybody out.
    concurrent: { record: true },
    create: (context) => new Sentinel(deps, context),
    mailbox: { capacity: 1_000, overflow: "reject" },
  };
}
