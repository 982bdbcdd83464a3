import type { Maker } from "./make.ts";

export interface LeaseStanding {
  readonly name: string;
  readonly isHeld: boolean;
}

/** Which leases the hub holds, and which it stands by for. */
export class LeaseMetrics {
  readonly #held;

  constructor(make: Maker) {
    const help = "Whether this hub holds the lease (1) or stands by for it (0)";
    this.#held = make.gauge("hub_lease_held", help, ["lease"]);
  }

  set(standings: readonly LeaseStanding[]): void {
    // What is wanted no more must not look as if it were stood by for.
    this.#held.reset();
    for (const { name, isHeld } of standings) this.#held.set({ lease: name }, isHeld ? 1 : 0);
  }
}
