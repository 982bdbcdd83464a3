import type { Clock } from "../runtime/clock.ts";

/** Neither made-up key ids nor an issuer that is away make the hub ask more often than this. */
export const KEYS_COOLDOWN_MS = 30_000;
/** Keys that were good once are not trusted for ever, should the issuer have taken them back. */
const TRUSTED_MS = 86_400_000;

interface Known {
  readonly text: string;
  readonly at: number;
}

/**
 * An issuer's keys as they come over the network: those that came last stand in while it is away, and
 * it is left in peace for a while after it has failed.
 */
export class IssuerKeys {
  readonly #clock: Clock;
  #known: Known | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws what the last try threw, when there are no keys that could stand in. */
  async get(url: string, init: RequestInit): Promise<Response> {
    const now = this.#clock.nowMs();
    const failed = this.#failure;
    if (failed !== undefined && now - failed.at < KEYS_COOLDOWN_MS)
      return this.#standIn(failed.error);
    try {
      const answer = await fetch(url, init);
      if (answer.status !== 200) throw new Error(`the issuer answers ${answer.status}`);
      const text = await answer.text();
      this.#known = { text, at: now };
      this.#failure = undefined;
      return new Response(text);
    } catch (error) {
      this.#failure = { error, at: now };
      return this.#standIn(error);
    }
  }

  #standIn(error: unknown): Response {
    const known = this.#known;
    if (known === undefined || this.#clock.nowMs() - known.at > TRUSTED_MS) throw error;
    return new Response(known.text);
  }
}
