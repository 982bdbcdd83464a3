import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { HubEvent } from "../market/events.ts";
import { machineClock } from "../runtime/clock.ts";
import { LeaseKeeper } from "../store/lease-keeper.ts";
import type { OpenStore } from "../store/open.ts";
import type { CloseStack } from "./close-stack.ts";
import { takePlaceOf } from "./last-holder.ts";
import { random } from "./random.ts";

export interface KeepLeasesDeps {
  readonly opened: Pick<OpenStore, "store" | "road">;
  /** Locked for this process. */
  readonly dataDir: string;
  readonly leaseTtlMs: number;
  readonly publish: (event: HubEvent) => void;
  readonly log: Logger;
}

/**
 * Makes what keeps this hub's leases, under an id made for this start. Closed after the actors have
 * stopped and before the store does: nothing is given back too soon.
 */
export function keepLeases(deps: KeepLeasesDeps, stack: CloseStack): LeaseKeeper {
  const { opened, dataDir, leaseTtlMs, publish, log } = deps;
  const holder = randomUUID();
  const keeper = new LeaseKeeper({
    leases: opened.store.leases,
    machineClock,
    random,
    holder,
    instance: `${hostname()} pid ${process.pid}`,
    ttlMs: leaseTtlMs,
    // Its folder is locked and its server is our own: whoever held a lease there is dead.
    takesOver: opened.road === "embedded",
    predecessor: takePlaceOf(dataDir, holder, (line) => log.warn(line)),
    publish,
  });
  stack.push(() => keeper.stop());
  return keeper;
}
