import { loadMarket } from "./load-market.ts";
import type { MarketIdentity } from "./market.ts";
import { anchorClock, parseSavedClock, resumeClock, type SavedClock } from "./sandbox-clock.ts";
import type { Fault } from "./server/faults.ts";
import { type SandboxServer, startSandboxServer } from "./server/start-server.ts";
import { type SandboxOptions, startSandbox } from "./start-sandbox.ts";

export {
  anchorClock,
  type Fault,
  loadMarket,
  type MarketIdentity,
  parseSavedClock,
  resumeClock,
  type SandboxOptions,
  type SandboxServer,
  type SavedClock,
  startSandbox,
  startSandboxServer,
};
