import { DAY_MS } from "./equity-curve.ts";

/** The periods that operators choose from. */
export const PERIODS = ["24h", "7d", "30d", "90d", "1y", "all"] as const;

const UNIT_MS: Readonly<Record<string, number>> = {
  h: DAY_MS / 24,
  d: DAY_MS,
  w: 7 * DAY_MS,
  y: 365 * DAY_MS,
};
const DEFAULT_MS = 30 * DAY_MS;

/**
 * When a period began that ends now, UTC ms: `24h`, `30d`, `2w`, `1y` before now, `all` at the
 * beginning of what is known. Anything else is 30 days.
 */
export function periodStart(period: string, nowMs: number, beginning: number): number {
  const asked = period.trim().toLowerCase();
  if (asked === "all") return Math.min(beginning, nowMs);
  const match = /^(\d{1,5})([hdwy])$/.exec(asked);
  const length = Number(match?.[1] ?? 0) * (UNIT_MS[match?.[2] ?? ""] ?? 0);
  return Math.max(0, nowMs - (length > 0 ? length : DEFAULT_MS));
}
