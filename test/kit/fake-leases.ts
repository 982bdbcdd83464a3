import type { Fence, Leases } from "../../src/store/lease-port.ts";

/** The leases of a hub as its actors see them: each is had at once, unless a test says otherwise. */
export class FakeLeases implements Leases {
  readonly holder = "00000000-0000-4000-8000-000000000002";
  /** Held by another hub: wanted in vain. */
  readonly elsewhere = new Set<string>();
  readonly wanted = new Map<string, { readonly throughOutage?: boolean }>();
  readonly #held = new Map<string, number>();
  readonly #listeners = new Set<(name: string, isHeld: boolean) => void>();

  async want(name: string, options: { readonly throughOutage?: boolean } = {}): Promise<void> {
    await Promise.resolve();
    const isNew = !this.wanted.has(name);
    this.wanted.set(name, options);
    if (isNew && !this.elsewhere.has(name)) this.gain(name);
  }

  async drop(name: string): Promise<void> {
    this.wanted.delete(name);
    this.lose(name);
    await Promise.resolve();
  }

  fence(name: string): Fence | undefined {
    const epoch = this.#held.get(name);
    return epoch === undefined ? undefined : { lease: name, epoch };
  }

  onChange(listener: (name: string, isHeld: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  gain(name: string): void {
    this.elsewhere.delete(name);
    this.#held.set(name, 1);
    for (const listener of this.#listeners) listener(name, true);
  }

  lose(name: string): void {
    if (!this.#held.delete(name)) return;
    for (const listener of this.#listeners) listener(name, false);
  }
}
