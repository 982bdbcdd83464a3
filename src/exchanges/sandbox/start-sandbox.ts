import type { Clock } from "../../runtime/clock.ts";
import type { FaultSource } from "./faults/source.ts";
import { type LoadedMarket, loadMarket, type MarketOptions } from "./load-market.ts";
import { type SandboxServer, startSandboxServer } from "./server/start-server.ts";

export interface SandboxOptions extends Omit<MarketOptions, "nowMs"> {
  /** The exchange's clock. */
  readonly clock: Clock;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly faults?: FaultSource | undefined;
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/**
 * Loads a market and opens an exchange on it in one go, for callers that have a clock already.
 * Whoever wants the clock to start where the recording does loads first and opens then.
 */
export async function startSandbox(options: SandboxOptions): Promise<SandboxServer & LoadedMarket> {
  const { clock, host, port, faults, onFailure } = options;
  const loaded = await loadMarket({ ...options, nowMs: clock.nowMs() });
  const server = await startSandboxServer({
    market: loaded.market,
    clock,
    host,
    port,
    faults,
    onFailure,
  });
  return { ...server, ...loaded };
}
