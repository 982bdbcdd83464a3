import type { HubEvent } from "../market/events.ts";
import type { Clock } from "../runtime/clock.ts";
import { BoundedLabel } from "./labels.ts";
import { type Maker, seconds } from "./make.ts";

/** A secret that is lent, as its broker knows it. Never its value. */
export interface LentSecret {
  readonly secret: string;
  /** Since the vault confirmed it, ms. */
  readonly ageMs: number;
  /** How long it may be lent after that, ms. */
  readonly leaseMs: number;
}

const KINDS = ["granted", "denied", "absent", "unavailable", "revoked", "note"] as const;

/** How old lent secrets are, how quick the vault is, and whether the ledger holds. */
export class SecretMetrics {
  readonly #duration;
  readonly #age;
  readonly #ttl;
  readonly #records;
  readonly #verified;
  readonly #clock: Clock;
  readonly #path = new BoundedLabel(40);

  /** @param clock the machine's: the ledger is verified by the day, however fast the hub's clock runs. */
  constructor(make: Maker, clock: Clock) {
    this.#clock = clock;
    this.#duration = make.histogram(
      "engine_vault_request_duration_seconds",
      "Time of a request to the vault",
      ["backend"],
      [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    );
    const path = ["path"] as const;
    this.#age = make.gauge(
      "engine_vault_cache_age_seconds",
      "Since the vault confirmed a secret that is lent",
      path,
    );
    this.#ttl = make.gauge(
      "engine_vault_lease_ttl_seconds",
      "How long a secret is lent after the vault confirmed it",
      path,
    );
    this.#records = make.counter("engine_audit_records_total", "Lines of the ledger of secrets", [
      "kind",
    ]);
    for (const kind of KINDS) this.#records.inc({ kind }, 0);
    this.#verified = make.gauge(
      "engine_audit_verify_last_success_timestamp_seconds",
      "When the whole ledger was last recomputed and found unbroken",
    );
    this.#verified.remove(); // an instant that is not known yet is no instant of 1970
  }

  /** Starts the time of a vault's requests at zero. */
  know(backend: string): void {
    this.#duration.zero({ backend });
  }

  asked(backend: string, durationMs: number): void {
    this.#duration.observe({ backend }, seconds(durationMs));
  }

  lent(secrets: readonly LentSecret[]): void {
    this.#age.reset();
    this.#ttl.reset();
    for (const { secret, ageMs, leaseMs } of secrets) {
      const path = this.#path.of(secret);
      this.#age.set({ path }, seconds(ageMs));
      this.#ttl.set({ path }, seconds(leaseMs));
    }
  }

  written(kind: (typeof KINDS)[number]): void {
    this.#records.inc({ kind });
  }

  /** One that is broken or cannot be read leaves the last good check as it is: its age tells. */
  verified({ kind }: HubEvent): void {
    if (kind === "ledger-verified") this.#verified.set(this.#clock.nowMs() / 1_000);
  }
}
