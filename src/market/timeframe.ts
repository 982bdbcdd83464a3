/** The timeframes the hub follows, shortest first. */
export const TIMEFRAMES = ["1m", "5m", "15m", "30m", "1h", "4h", "1d", "1w"] as const;

export type Timeframe = (typeof TIMEFRAMES)[number];

const MINUTE_MS = 60_000;
const WEEK_MS = 10_080 * MINUTE_MS;

const LENGTH_MS: Record<Timeframe, number> = {
  "1m": MINUTE_MS,
  "5m": 5 * MINUTE_MS,
  "15m": 15 * MINUTE_MS,
  "30m": 30 * MINUTE_MS,
  "1h": 60 * MINUTE_MS,
  "4h": 240 * MINUTE_MS,
  "1d": 1_440 * MINUTE_MS,
  "1w": WEEK_MS,
};

/** The Unix epoch was a Thursday; the Monday of that week lies three days before it. */
const MONDAY_OFFSET_MS = -3 * 1_440 * MINUTE_MS;

/** How long a candle of this timeframe lasts, in ms. */
export function timeframeMs(timeframe: Timeframe): number {
  return LENGTH_MS[timeframe];
}

/** How long a candle of this timeframe lasts, in whole minutes; the store's key for it. */
export function timeframeMinutes(timeframe: Timeframe): number {
  return LENGTH_MS[timeframe] / MINUTE_MS;
}

/**
 * The open time of the candle that contains an instant, UTC ms.
 * Every grid starts at the epoch, except weeks, which open on Monday 00:00 UTC.
 */
export function openTimeAt(timeframe: Timeframe, atMs: number): number {
  const phase = timeframe === "1w" ? MONDAY_OFFSET_MS : 0;
  const length = LENGTH_MS[timeframe];
  return Math.floor((atMs - phase) / length) * length + phase;
}

/** The first instant after the candle, UTC ms: its close time, and the next candle's open time. */
export function closeTimeOf(timeframe: Timeframe, openTimeMs: number): number {
  return openTimeMs + LENGTH_MS[timeframe];
}

/** The first close strictly after an instant, UTC ms. */
export function nextCloseAfter(timeframe: Timeframe, atMs: number): number {
  return closeTimeOf(timeframe, openTimeAt(timeframe, atMs));
}

/** The open time of the newest candle that is closed at an instant, UTC ms. */
export function lastClosedOpenTime(timeframe: Timeframe, atMs: number): number {
  return openTimeAt(timeframe, atMs) - LENGTH_MS[timeframe];
}

/** Says whether an instant is the open time of a candle. */
export function isOpenTime(timeframe: Timeframe, atMs: number): boolean {
  return openTimeAt(timeframe, atMs) === atMs;
}

export function isTimeframe(value: unknown): value is Timeframe {
  return typeof value === "string" && Object.hasOwn(LENGTH_MS, value);
}

/**
 * Reads a timeframe as people and vaults write it: `1h`, `1H`, `H1`, `M15`, `60m`, `D`.
 * Returns undefined for a length that the hub does not follow.
 */
export function parseTimeframe(value: string): Timeframe | undefined {
  const match = /^(?:(\d+)\s*([mhdw])|([mhdw])(\d+)?)$/i.exec(value.trim());
  if (match === null) return undefined;
  const count = Number(match[1] ?? match[4] ?? "1");
  const unit = (match[2] ?? match[3] ?? "").toLowerCase();
  const unitMs = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 1_440 * MINUTE_MS, w: WEEK_MS }[unit];
  return TIMEFRAMES.find((timeframe) => LENGTH_MS[timeframe] === count * (unitMs ?? Number.NaN));
}
