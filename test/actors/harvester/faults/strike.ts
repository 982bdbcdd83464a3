import type { MarketData } from "../../../../src/exchanges/port.ts";
import { limits } from "../../../kit/builders.ts";
import { openWorld } from "./world.ts";

/** From a moment before the harvester measures the exchange's clock, over three closes. */
const FROM_MS = 590_000;
const FOR_MS = 145_000;
const UNTIL_MS = FROM_MS + FOR_MS;
/** The candles that close while it lasts, with the whole window in which they could be acted on. */
const STRUCK = [9, 10];
/** A poll goes out five seconds after a close, and has until now to be answered. */
const GRACE_MS = 10_000;
/** Where nothing ever comes, there is no use in waiting long for it; machine ms. */
const NO_PATIENCE_MS = 60;

const RANK = ["empty", "missing", "pending"];

/** What became of a fault that lasted for two and a half minutes, in the words of the table. */
export interface Aftermath {
  readonly noticed: string;
  readonly stored: string;
  readonly gap: string;
  readonly signal: string;
  /** How long after its end all was as it should be, ms. */
  readonly wholeAfterMs: number;
  /** Errors that would have restarted the harvester. */
  readonly failures: readonly unknown[];
}

/**
 * Lets a fault happen to a harvester.
 * @param lastsMs how long it goes on by itself after the last time it struck.
 */
export async function strike(
  fault: { readonly kind: string; readonly waitMs?: number },
  lastsMs: number,
): Promise<Aftermath> {
  const world = await openWorld([{ ...fault, fromMs: FROM_MS, forMs: FOR_MS }]);
  const { noticed, patience, runTo, stored, wrong, woken, gap } = world;
  try {
    await runTo(FROM_MS);
    noticed.clear();
    const usual = patience.ms;
    const isAnswered = fault.kind !== "stalled-body" && (fault.waitMs ?? 0) < usual;
    if (!isAnswered) patience.ms = NO_PATIENCE_MS;
    const wrongs = new Set<number>();
    const refused = new Set<number>();
    for (let at = FROM_MS; at < UNTIL_MS; at += 1_000) {
      await runTo(at + 1_000);
      for (const n of wrong()) wrongs.add(n);
      if (areClocksApart(world.market)) for (const n of woken()) refused.add(n);
    }
    patience.ms = usual;
    const gaps = [...STRUCK, 11].map((n) => gap(n) ?? "none");
    const meanwhile = {
      stored: share(stored()) + (wrongs.size > 0 ? ", wrong at first" : ""),
      gap:
        RANK.find((state) => gaps.includes(state)) ?? (gaps.includes("healed") ? "healed" : "none"),
      signal: STRUCK.every((n) => refused.has(n)) ? "refused" : share(woken()),
    };
    const isWhole = (nowMs: number): boolean => {
      const due = Math.floor((nowMs - GRACE_MS) / 60_000);
      const all = new Set(stored());
      const lacks = Array.from({ length: due + 10 }, (_, i) => i - 10).some((n) => !all.has(n));
      const open = [...all].some((n) => !["healed", undefined].includes(gap(n)));
      return !lacks && !open && wrong().length === 0 && !areClocksApart(world.market);
    };
    const endMs = UNTIL_MS + lastsMs;
    await runTo(endMs);
    let nowMs = endMs;
    while (!isWhole(nowMs) && nowMs < endMs + 3_600_000) await runTo((nowMs += 1_000));
    return {
      noticed: [...noticed].toSorted().join(", ") || "nothing",
      ...meanwhile,
      wholeAfterMs: nowMs - endMs,
      failures: world.context.failures,
    };
  } finally {
    await world.close();
  }
}

/** Whether the Gatekeeper's check `clock-skew` refuses whatever is raised now. */
function areClocksApart(market: MarketData): boolean {
  return Math.abs(market.clockOffset()?.offsetMs ?? 0) > limits().maxClockSkewMs;
}

function share(numbers: readonly number[]): string {
  const struck = STRUCK.filter((n) => numbers.includes(n)).length;
  if (struck === 0) return "none";
  return struck === STRUCK.length ? "all" : "some";
}
