import type { Cancel } from "../runtime/clock.ts";

/**
 * Proof of a hold on a lease. A write that carries it is refused with `lease-lost` once somebody
 * else has had the lease since, or it has run out.
 */
export interface Fence {
  readonly lease: string;
  /** Rises with each change of hands and with each taking after an end. */
  readonly epoch: number;
}

/** Who may take orders from the queue and place them, stops included. */
export const TRADER_LEASE = "trader";

/** Who may poll the series of an exchange and wake their analysts. */
export function exchangeLease(exchange: string): string {
  return `exchange:${exchange}`;
}

export interface LeaseWish {
  readonly name: string;
  /** One process, from its start to its end: a UUID. */
  readonly holder: string;
  /** The same for people to read. */
  readonly instance: string;
  readonly ttlMs: number;
  /** How long the answer is waited for, ms. */
  readonly timeoutMs: number;
  /** Takes it from whoever holds it; for those who know that the holder is dead. */
  readonly force?: boolean;
  /** Takes it from this holder, who is known to be dead, and from nobody else. */
  readonly predecessor?: string | undefined;
}

export type LeaseAnswer =
  /** Held from now on for its time. `sought`: another hub asks for it again and again. */
  | { readonly kind: "held"; readonly epoch: number; readonly sought: boolean }
  | { readonly kind: "taken"; readonly by: string; readonly leftMs: number };

/** A lease as everybody sees it. */
export interface LeaseRow {
  readonly name: string;
  readonly holder: string;
  readonly instance: string;
  readonly epoch: number;
  /** By the database's clock; 0 when nobody holds it. */
  readonly leftMs: number;
}

/** The leases of this hub, as those see them who may only act while they hold one. */
export interface Leases {
  /** This process, from its start to its end: a UUID. */
  readonly holder: string;
  /**
   * Tries to hold a lease from now on, again and again. Resolves with the first answer, whatever it
   * is, or once it is clear that there is none.
   * @param options.throughOutage while the database does not answer, and as long as no other hub was
   *   heard asking for the lease, the hold goes on. For what is wasted rather than harmful when two
   *   do it.
   */
  want(name: string, options?: { readonly throughOutage?: boolean }): Promise<void>;
  /** Gives a lease up: whoever holds on to it has stopped before. */
  drop(name: string): Promise<void>;
  /** The hold as it is this moment; undefined without one. Ask right before acting, not earlier. */
  fence(name: string): Fence | undefined;
  /** Calls back the moment a lease is gained or lost. Returns the way to stop that. */
  onChange(listener: (name: string, isHeld: boolean) => void): Cancel;
}

/** Leases by name, on the database's clock alone. */
export interface LeaseStore {
  /** Takes a lease that nobody holds, or prolongs one's own; waits for nobody. */
  acquire(wish: LeaseWish): Promise<LeaseAnswer>;
  /** Gives a hold back; one that is over already is no news. */
  release(fence: Fence, holder: string): Promise<void>;
  list(): Promise<readonly LeaseRow[]>;
}
