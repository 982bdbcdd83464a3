import { ALL_FAULT_KINDS, type Fault } from "./faults/kinds.ts";
import { faultSource } from "./faults/open-source.ts";
import { orderFaults } from "./faults/order-faults.ts";
import { parseFaultPlan } from "./faults/plan.ts";
import { loadMarket } from "./load-market.ts";
import type { MarketIdentity } from "./market.ts";
import { anchorClock, parseSavedClock, resumeClock, type SavedClock } from "./sandbox-clock.ts";
import { type SandboxServer, startSandboxServer } from "./server/start-server.ts";
import { type SandboxOptions, startSandbox } from "./start-sandbox.ts";

export {
  ALL_FAULT_KINDS,
  anchorClock,
  type Fault,
  faultSource,
  loadMarket,
  type MarketIdentity,
  orderFaults,
  parseFaultPlan,
  parseSavedClock,
  resumeClock,
  type SandboxOptions,
  type SandboxServer,
  type SavedClock,
  startSandbox,
  startSandboxServer,
};
