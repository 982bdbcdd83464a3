import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartRefusal } from "../config/refusal.ts";
import type { Settings } from "../config/settings.ts";
import {
  faultSource,
  loadMarket,
  orderFaults,
  parseFaultPlan,
  parseSavedClock,
  resumeClock,
  type SandboxServer,
  type SavedClock,
  startSandboxServer,
} from "../exchanges/sandbox/index.ts";
import { type Clock, fastClock } from "../runtime/clock.ts";

/** The made-up exchange of the sandbox mode, and the clock that the whole hub runs on with it. */
export interface RunningSandbox {
  readonly clock: Clock;
  readonly server: SandboxServer;
  /** Which orders go astray on purpose. */
  readonly orderFault: ReturnType<typeof orderFaults>;
}

const FILE = "sandbox.json";

/**
 * Starts the sandbox exchange where its clock stood, as if it had run on while the hub was off.
 * @throws StartRefusal when the data folder belongs to another market,
 * or for a fault that nobody can cause.
 */
export async function startSandboxMode(
  settings: Settings,
  machineClock: Clock,
  onFailure: (error: unknown) => void,
): Promise<RunningSandbox> {
  const faults = faultSource(parseFaultPlan(settings.sandboxFaults));
  const path = join(settings.dataDir, FILE);
  const saved = readSaved(path);
  const nowMs = machineClock.nowMs();
  const { market, identity, clockStartMs } = await loadMarket({
    seed: settings.sandboxSeed,
    nowMs,
    extraSymbols: settings.sandboxExtraPairs,
    replayDir: settings.replayDir,
    replayAtMs: settings.replayAt === undefined ? undefined : Date.parse(settings.replayAt),
    saved,
  });
  const { speed } = settings;
  // Loading a long recording takes a moment, in which the exchange's clock runs on as well.
  const loadedAt = machineClock.nowMs();
  const resumed = resumeClock(saved, {
    nowMs: loadedAt,
    speed,
    startMs: clockStartMs,
    market: identity,
  });
  if (resumed.kind === "mismatch") throw new StartRefusal(resumed.message);
  save(path, resumed.state);
  const clock = fastClock(speed, resumed.startMs);
  const server = await startSandboxServer({ market, clock, faults, onFailure });
  return { clock, server, orderFault: orderFaults(faults, clock) };
}

function readSaved(path: string): SavedClock | undefined {
  if (!existsSync(path)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new StartRefusal(`${path} is damaged; delete the data folder to begin afresh`, error);
  }
  return parseSavedClock(content);
}

/** Beside and then in place: a kill in between leaves the old state or the new one. */
function save(path: string, state: SavedClock): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
