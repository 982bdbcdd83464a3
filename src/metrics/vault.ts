import type { HubEvent, SecretOutcome } from "../market/events.ts";
import { actorKind, BoundedLabel } from "./labels.ts";
import type { Maker } from "./make.ts";

type VaultEvent = Extract<
  HubEvent,
  { readonly kind: "vault-changed" | "secret-asked" | "secret-revoked" }
>;

const OUTCOMES: readonly SecretOutcome[] = ["granted", "denied", "absent", "unavailable"];

/** Whether the vault serves, who asked for secrets, and which were voided. */
export class VaultMetrics {
  readonly #up;
  readonly #requests;
  readonly #revoked;
  readonly #actor = new BoundedLabel(40);

  /** @param askers paths of those who may ask: their counters start at zero, so that each is a rise. */
  constructor(make: Maker, askers: readonly string[]) {
    this.#up = make.gauge("engine_vault_up", "0 while the vault of secrets does not serve");
    this.#up.set(1);
    const help = "Requests for secrets, by who asked and what became of them";
    this.#requests = make.counter("engine_vault_requests_total", help, ["actor", "outcome"]);
    this.#revoked = make.counter(
      "engine_vault_revocations_total",
      "Values that the vault changed or took away while they were lent",
    );
    for (const asker of askers) this.#know(actorKind(asker));
  }

  told(event: VaultEvent): void {
    switch (event.kind) {
      case "vault-changed":
        return this.#changed(event.state);
      case "secret-asked":
        return this.#asked(event.who, event.outcome);
      case "secret-revoked":
        return this.#revoked.inc();
    }
  }

  #changed(state: "ok" | "offline" | "wrong-token"): void {
    this.#up.set(state === "ok" ? 1 : 0);
  }

  #asked(who: string, outcome: SecretOutcome): void {
    const kind = actorKind(who);
    this.#know(kind);
    this.#requests.inc({ actor: this.#actor.of(kind), outcome });
  }

  #know(kind: string): void {
    if (!this.#actor.isNew(kind)) return;
    for (const outcome of OUTCOMES) this.#requests.inc({ actor: kind, outcome }, 0);
  }
}
