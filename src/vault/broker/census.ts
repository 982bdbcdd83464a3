import type { SecretName } from "../lease.ts";
import { type BrokerEnvironment, readEnvironment } from "./environment.ts";
import type { Found, Unavailable } from "./source.ts";

/** What is known of a secret without having it. */
export interface Standing {
  readonly secret: SecretName;
  /** `unknown` while the vault does not answer and nobody else has it. */
  readonly state: "set-up" | "absent" | "unknown";
  readonly origin?: Found["origin"];
  /** Whether it opens a real-money account or one for practice, where its parts say so. */
  readonly environment?: BrokerEnvironment;
}

/**
 * Which secrets are set up, asked for now and then, so that nobody waits for the vault to show it.
 * Values found are destroyed at once: nothing is lent, so nothing is written down.
 */
export class Census {
  readonly #names: readonly SecretName[];
  readonly #find: (name: SecretName) => Promise<Found | Unavailable | undefined>;
  readonly #standings = new Map<SecretName, Standing>();

  constructor(
    names: readonly SecretName[],
    find: (name: SecretName) => Promise<Found | Unavailable | undefined>,
  ) {
    this.#names = names;
    this.#find = find;
  }

  /** One after the other: a vault is not asked for everything at once. */
  async refresh(): Promise<void> {
    for (const name of this.#names) this.#standings.set(name, await this.#standing(name));
  }

  /** As it was found last; undefined before the first time. */
  of(name: SecretName): Standing | undefined {
    return this.#standings.get(name);
  }

  async #standing(secret: SecretName): Promise<Standing> {
    const found = await this.#find(secret);
    if (found === undefined) return { secret, state: "absent" };
    if ("unavailable" in found) {
      // What was there a minute ago has not gone because the vault has.
      const before = this.#standings.get(secret);
      return before?.state === "set-up" ? before : { secret, state: "unknown" };
    }
    // Only a word that is known: what was put there by mistake may be a key.
    const environment = found.parts["environment"]?.use((word) => readEnvironment(word));
    for (const part of Object.values(found.parts)) part.destroy();
    const { origin } = found;
    return {
      secret,
      state: "set-up",
      origin,
      ...(environment === undefined ? {} : { environment }),
    };
  }
}
