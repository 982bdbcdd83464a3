import { describe } from "vitest";
import { FakeLeaseStore } from "../kit/fake-lease-store.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { leasePromises } from "./contract/leases.ts";

// The tests of the keeper rest on it, so it keeps the promises that the database keeps.
describe("leases in memory", () => {
  const clock = new ManualClock();
  leasePromises({ leases: new FakeLeaseStore(clock) }, (ms) => clock.advance(ms));
});
