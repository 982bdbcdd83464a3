import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { Settings } from "../config/settings.ts";
import type { StrategyInfo } from "../http/deps.ts";
import type { Clock } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { RunStart, RunStore } from "../store/run-port.ts";
import type { CloseStack } from "./close-stack.ts";
import { VERSION } from "./package-root.ts";

/** A hub that is silent for less may be waiting for its database. */
const LEAST_LOST_AFTER_MS = 300_000;
/** Signs of life that may fail to come before a run is taken for lost. */
const MISSED_SIGNS = 3;

export interface RunDeps {
  readonly runs: RunStore;
  readonly settings: Pick<Settings, "mode" | "speed" | "snapshotIntervalSeconds">;
  readonly dataDir: string;
  readonly road: RunStart["road"];
  readonly strategies: readonly StrategyInfo[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Notes that a hub starts, and once it stops that it did; answers the id of this start. */
export async function beginRun(deps: RunDeps, stack: CloseStack): Promise<string> {
  const { runs, settings, dataDir, road, strategies, clock, log } = deps;
  const id = randomUUID();
  const signEveryMs = (settings.snapshotIntervalSeconds * 1_000) / settings.speed;
  await runs.start({
    id,
    at: clock.nowMs(),
    place: `${hostname()}:${dataDir}`,
    version: VERSION,
    mode: settings.mode,
    road,
    lostAfterMs: Math.ceil(Math.max(LEAST_LOST_AFTER_MS, MISSED_SIGNS * signEveryMs)),
    strategies: oneOfEach(strategies),
  });
  stack.push(async () => {
    // Without its database a hub stops all the same; the next start finds the run lost.
    const warn = (error: unknown): void => log.warn(`the end is not noted: ${messageOf(error)}`);
    await runs.end(id, clock.nowMs()).catch(warn);
  });
  return id;
}

/**
 * A strategy may be there several times with settings for other timeframes each. Its trades do not
 * say which of them made them, so it counts as one, its settings named by their timeframes.
 */
function oneOfEach(strategies: readonly StrategyInfo[]): RunStart["strategies"] {
  const ids = [...new Set(strategies.map(({ id }) => id))];
  return ids.map((id) => {
    const own = strategies.filter((one) => one.id === id);
    const named = own.map(({ timeframes, parameters }): [string, unknown] => [
      timeframes?.join(" ") ?? "all",
      parameters,
    ]);
    const [first] = own;
    const isOne = own.length === 1 && first !== undefined;
    return { id, parameters: isOne ? first.parameters : Object.fromEntries(named) };
  });
}
