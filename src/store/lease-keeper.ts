import type { Cancel } from "../runtime/clock.ts";
import { type ClaimDeps, LeaseClaim } from "./lease-claim.ts";
import type { Fence, Leases } from "./lease-port.ts";

type Listener = (name: string, isHeld: boolean) => void;

/** Keeps the leases that this hub wants: holds them, or stands by for them. */
export class LeaseKeeper implements Leases {
  readonly #deps: ClaimDeps;
  readonly #claims = new Map<string, LeaseClaim>();
  /** What is still being given back: the same lease is not asked for before that is over. */
  readonly #endings = new Map<string, Promise<void>>();
  readonly #listeners = new Set<Listener>();

  constructor(deps: ClaimDeps) {
    this.#deps = deps;
  }

  get holder(): string {
    return this.#deps.holder;
  }

  want(name: string, { throughOutage = false } = {}): Promise<void> {
    const known = this.#claims.get(name);
    if (known !== undefined) return known.answered;
    const onChange = (isHeld: boolean): void => {
      for (const listener of this.#listeners) listener(name, isHeld);
    };
    const after = this.#endings.get(name) ?? Promise.resolve();
    const claim = new LeaseClaim(this.#deps, name, throughOutage, onChange, after);
    this.#claims.set(name, claim);
    return claim.answered;
  }

  async drop(name: string): Promise<void> {
    const claim = this.#claims.get(name);
    if (claim === undefined) return;
    this.#claims.delete(name);
    const ending = claim.end();
    this.#endings.set(name, ending);
    await ending;
    if (this.#endings.get(name) === ending) this.#endings.delete(name);
  }

  fence(name: string): Fence | undefined {
    return this.#claims.get(name)?.fence();
  }

  onChange(listener: Listener): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every lease this hub wants, and whether it holds it. */
  standings(): readonly { readonly name: string; readonly isHeld: boolean }[] {
    return [...this.#claims].map(([name, claim]) => ({
      name,
      isHeld: claim.fence() !== undefined,
    }));
  }

  /** Gives everything back, so that a hub in wait takes over at once. */
  async stop(): Promise<void> {
    await Promise.all([...this.#claims.keys()].map((name) => this.drop(name)));
  }
}
