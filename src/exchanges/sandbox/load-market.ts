import { StartRefusal } from "../../config/refusal.ts";
import type { MarketIdentity, ReplayIdentity, SandboxMarket } from "./market.ts";
import { loadRecorded } from "./recorded/load-recorded.ts";
import type { SavedClock } from "./sandbox-clock.ts";
import { SyntheticMarket } from "./synthetic/synthetic-market.ts";

export interface MarketOptions {
  /** Which synthetic market plays; with a recording it shapes the order book alone. */
  readonly seed: string;
  /** The machine's clock, UTC ms. */
  readonly nowMs: number;
  /** Further made-up pairs; none by default. Without meaning for a recording. */
  readonly extraSymbols?: number | undefined;
  /** A folder of recorded candles that plays in place of the synthetic market. */
  readonly replayDir?: string | undefined;
  /** The recorded instant that plays as "now" at the first start, UTC ms. */
  readonly replayAtMs?: number | undefined;
  /** So much past a recording should have behind it, ms; default 500 hours. */
  readonly minPastMs?: number | undefined;
  /** What an earlier start saved: its recording keeps the place it has on the calendar. */
  readonly saved?: SavedClock | undefined;
}

export interface LoadedMarket {
  readonly market: SandboxMarket;
  /** For {@link resumeClock} and for what is saved. */
  readonly identity: MarketIdentity;
  /** Where the exchange's clock starts when no earlier start is gone on with, UTC ms. */
  readonly clockStartMs: number;
}

/**
 * Makes or loads the market, before there is a clock for it.
 * @throws StartRefusal for a recording that cannot play.
 */
export async function loadMarket(options: MarketOptions): Promise<LoadedMarket> {
  const { seed, nowMs, replayDir, replayAtMs, minPastMs } = options;
  if (replayDir === undefined) {
    if (replayAtMs !== undefined) {
      throw new StartRefusal("an instant to replay from needs a replay folder");
    }
    const market = new SyntheticMarket(seed, { extraSymbols: options.extraSymbols ?? 0 });
    return { market, identity: market.identity, clockStartMs: nowMs };
  }
  const { market, clockStartMs } = await loadRecorded({
    folder: replayDir,
    seed,
    nowMs,
    atMs: replayAtMs,
    minPastMs,
    earlier: earlierPlace(options.saved?.replay ?? null, replayAtMs),
  });
  return { market, identity: market.identity, clockStartMs };
}

/** The saved place counts as long as the same instant is asked for; another one is a new replay. */
function earlierPlace(
  replay: ReplayIdentity | null,
  replayAtMs: number | undefined,
): ReplayIdentity | undefined {
  return replay !== null && replay.askedAtMs === (replayAtMs ?? null) ? replay : undefined;
}
