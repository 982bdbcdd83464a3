import type { StoreFailure } from "./errors.ts";

/** What is known of the way to the database. */
export interface Health {
  readonly state: "ok" | "offline";
  readonly reason: string;
}

/** Remembers whether the last call reached the database. A refusal is an answer: it was reached. */
export class HealthNote {
  #health: Health = { state: "ok", reason: "" };

  get health(): Health {
    return this.#health;
  }

  reached(): void {
    if (this.#health.state !== "ok") this.#health = { state: "ok", reason: "" };
  }

  failed(failure: StoreFailure): void {
    if (failure.fault === "refused") this.reached();
    else this.#health = { state: "offline", reason: failure.message };
  }
}
