import type { Maker } from "./make.ts";

export interface LeaseStanding {
  readonly name: string;
  readonly isHeld: boolean;
}

/** Which leases the hub holds, and which it stands by for. */
export class LeaseMetrics {
  readonly #held;
  readonly #transitions;
  readonly #known = new Set<string>();

  constructor(make: Maker) {
    const help = "Whether this hub holds the lease (1) or stands by for it (0)";
    this.#held = make.gauge("engine_lease_held", help, ["lease"]);
    this.#transitions = make.counter(
      "engine_lease_transitions_total",
      "Leases gained and lost by this hub",
      ["lease", "change"],
    );
  }

  set(standings: readonly LeaseStanding[]): void {
    // What is wanted no more must not look as if it were stood by for.
    this.#held.reset();
    for (const { name, isHeld } of standings) {
      this.#know(name);
      this.#held.set({ lease: name }, isHeld ? 1 : 0);
    }
  }

  changed(lease: string, change: "gained" | "lost"): void {
    this.#know(lease);
    this.#transitions.inc({ lease, change });
  }

  #know(lease: string): void {
    if (this.#known.has(lease)) return;
    this.#known.add(lease);
    for (const change of ["gained", "lost"]) this.#transitions.inc({ lease, change }, 0);
  }
}
