import type { KeyedRequest, RequestStanding, RequestStore } from "../../src/store/request-port.ts";

/** Keyed requests in memory, for ever. */
export class FakeRequestStore implements RequestStore {
  /** Run before each call; whatever it throws, the call throws. */
  reach: () => Promise<void> = () => Promise.resolve();
  readonly rows = new Map<string, { fingerprint: string; claim: string; answer?: string }>();

  async begin(request: KeyedRequest, fingerprint: string): Promise<RequestStanding> {
    await this.reach();
    const known = this.rows.get(nameOf(request));
    if (known === undefined) {
      this.rows.set(nameOf(request), { fingerprint, claim: request.claim });
      return { kind: "new" };
    }
    if (known.fingerprint !== fingerprint) return { kind: "other" };
    return known.answer === undefined
      ? { kind: "busy" }
      : { kind: "answered", answer: known.answer };
  }

  async end(request: KeyedRequest, answer: string): Promise<void> {
    await this.reach();
    const known = this.rows.get(nameOf(request));
    if (known?.claim === request.claim) this.rows.set(nameOf(request), { ...known, answer });
  }

  async drop(request: KeyedRequest): Promise<void> {
    await this.reach();
    const known = this.rows.get(nameOf(request));
    if (known?.claim === request.claim) this.rows.delete(nameOf(request));
  }
}

function nameOf({ asker, route, key }: KeyedRequest): string {
  return JSON.stringify([asker, route, key]);
}
