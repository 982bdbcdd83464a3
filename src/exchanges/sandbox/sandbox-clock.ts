import { z } from "zod";
import { StartRefusal } from "../../config/refusal.ts";
import type { MarketIdentity } from "./market.ts";

const savedClockSchema = z.strictObject({
  version: z.literal(1),
  anchorWallMs: z.int(),
  anchorSimMs: z.int(),
  speed: z.number().positive(),
  seed: z.string(),
  replay: z
    .strictObject({
      files: z.string(),
      askedAtMs: z.int().nullable(),
      atMs: z.int(),
      shiftMs: z.int(),
    })
    .nullable(),
});

/**
 * What is kept of the exchange's clock between two starts: it stood at `anchorSimMs` when the
 * machine's clock stood at `anchorWallMs`, and runs `speed` times as fast. JSON-safe.
 */
export type SavedClock = Readonly<z.infer<typeof savedClockSchema>>;

/** Where the exchange's clock starts, and what to save for the next start. */
export type ResumedClock =
  | {
      readonly kind: "fresh" | "resumed";
      readonly startMs: number;
      readonly speed: number;
      readonly state: SavedClock;
    }
  /** The data belong to another market; nothing was changed. */
  | { readonly kind: "mismatch"; readonly message: string };

/**
 * Reads a saved clock back from parsed JSON.
 * @throws StartRefusal when it is not one.
 */
export function parseSavedClock(json: unknown): SavedClock {
  const result = savedClockSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new StartRefusal(
    `the saved sandbox clock is unreadable: ${where}${issue?.message ?? "invalid"}`,
  );
}

/** What to save at an instant. Saved again now and then, it is a mark the clock never goes behind. */
export function anchorClock(at: {
  readonly wallMs: number;
  readonly simMs: number;
  readonly speed: number;
  readonly market: MarketIdentity;
}): SavedClock {
  return {
    version: 1,
    anchorWallMs: at.wallMs,
    anchorSimMs: at.simMs,
    speed: at.speed,
    seed: at.market.seed,
    replay: at.market.replay,
  };
}

/**
 * Where the exchange's clock goes on. Simulated time also passes while the hub is off, at the
 * saved speed; from now on it passes at the asked one. It never goes back behind the saved anchor,
 * not even when the machine's clock did.
 * @param now the machine's clock, the speed asked for, where a fresh market would start, and
 * which market it is.
 */
export function resumeClock(
  saved: SavedClock | undefined,
  now: {
    readonly nowMs: number;
    readonly speed: number;
    readonly startMs: number;
    readonly market: MarketIdentity;
  },
): ResumedClock {
  const { nowMs, speed, market } = now;
  const message = saved === undefined ? undefined : mismatchOf(saved, market);
  if (message !== undefined) return { kind: "mismatch", message };
  const startMs = saved === undefined ? now.startMs : simulatedMs(saved, nowMs);
  const state = anchorClock({ wallMs: nowMs, simMs: startMs, speed, market });
  return { kind: saved === undefined ? "fresh" : "resumed", startMs, speed, state };
}

function simulatedMs(saved: SavedClock, wallMs: number): number {
  const passedMs = Math.max(0, wallMs - saved.anchorWallMs);
  return Math.floor(saved.anchorSimMs + passedMs * saved.speed);
}

function mismatchOf(saved: SavedClock, market: MarketIdentity): string | undefined {
  const advice = "use another data folder, or go back to the earlier setting";
  const before = saved.replay;
  const after = market.replay;
  if (before === null || after === null) {
    if (before !== after) {
      return `the data folder holds ${nameOf(saved)}, but ${nameOf(market)} is asked for: ${advice}`;
    }
    // Seeds make the candles of a synthetic market; of a recorded one only the book.
    return saved.seed === market.seed
      ? undefined
      : `the data folder holds the market of seed "${saved.seed}", but seed "${market.seed}" is asked for: ${advice}`;
  }
  if (before.files !== after.files) {
    return `the data folder holds the recording ${before.files}, but ${after.files} is asked for: ${advice}`;
  }
  return before.askedAtMs === after.askedAtMs && before.shiftMs === after.shiftMs
    ? undefined
    : `the data folder holds a replay from ${instant(before.askedAtMs ?? before.atMs)}, but one from ${instant(after.askedAtMs ?? after.atMs)} is asked for: ${advice}`;
}

function nameOf(market: MarketIdentity): string {
  return market.replay === null
    ? `the synthetic market of seed "${market.seed}"`
    : `the recording ${market.replay.files}`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
