import type { Command } from "commander";
import { loadSettings } from "../../config/load.ts";
import type { Settings } from "../../config/settings.ts";
import {
  faultSource,
  loadMarket,
  parseFaultPlan,
  type SandboxServer,
  startSandboxServer,
} from "../../exchanges/sandbox/index.ts";
import { fastClock, machineClock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import { listenPort } from "../options.ts";
import { CliRefusal } from "../refusal.ts";
import type { Session } from "../session.ts";

/** `hub sandbox`: the made-up exchange without a hub, for whoever wants to look at it or test against it. */
export function addSandbox(program: Command, { world }: Session): void {
  program
    .command("sandbox")
    .description("run the sandbox exchange alone until Ctrl-C; it forgets its clock at the end")
    .option("--port <port>", "where it listens, 0 for a free port", listenPort, 0)
    .action(async ({ port }: { port: number }) => {
      const { settings } = loadSettings(world.environment);
      const server = await open(settings, port, (line) => world.complain(line));
      world.print(`sandbox exchange listening on ${server.url}`);
      await world.untilStopped();
      await server.close();
    });
}

async function open(
  settings: Settings,
  port: number,
  complain: (line: string) => void,
): Promise<SandboxServer> {
  const { speed, replayDir, replayAt, sandboxSeed, sandboxExtraPairs } = settings;
  const faults = faultSource(parseFaultPlan(settings.sandboxFaults));
  const { market, clockStartMs } = await loadMarket({
    seed: sandboxSeed,
    nowMs: machineClock.nowMs(),
    extraSymbols: sandboxExtraPairs,
    replayDir,
    replayAtMs: replayAt === undefined ? undefined : Date.parse(replayAt),
  });
  const isPlain = speed === 1 && replayDir === undefined;
  const clock = isPlain ? machineClock : fastClock(speed, clockStartMs);
  const onFailure = (error: unknown): void => complain(`sandbox: ${messageOf(error)}`);
  try {
    return await startSandboxServer({ market, clock, port, faults, onFailure });
  } catch (error) {
    throw new CliRefusal(`the sandbox cannot listen on port ${String(port)}: ${messageOf(error)}`);
  }
}
