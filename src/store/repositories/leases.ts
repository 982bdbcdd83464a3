import type { LeaseStore } from "../lease-port.ts";
import type { Database } from "../port.ts";
import { flagOf, listOf, numberIn, rowOf, textIn } from "./parse.ts";

export function leaseStore(database: Database): LeaseStore {
  return {
    async acquire({ name, holder, instance, ttlMs, timeoutMs, force = false, predecessor }) {
      const who = { p_name: name, p_holder: holder, p_instance: instance };
      const how = { p_force: force, p_predecessor: predecessor };
      const args = { ...who, ...how, p_ttl_ms: ttlMs };
      const row = rowOf(await database.call("hub_lease_acquire", args, { timeoutMs }));
      return flagOf(row["held"])
        ? { kind: "held", epoch: numberIn(row, "epoch"), sought: flagOf(row["sought"]) }
        : { kind: "taken", by: textIn(row, "instance"), leftMs: numberIn(row, "leftMs") };
    },

    async release({ lease, epoch }, holder) {
      const args = { p_name: lease, p_holder: holder, p_epoch: epoch };
      await database.call("hub_lease_release", args);
    },

    async list() {
      return listOf(await database.call("hub_leases", {}), (value) => {
        const row = rowOf(value);
        return {
          name: textIn(row, "name"),
          holder: textIn(row, "holder"),
          instance: textIn(row, "instance"),
          epoch: numberIn(row, "epoch"),
          leftMs: numberIn(row, "leftMs"),
        };
      });
    },
  };
}
