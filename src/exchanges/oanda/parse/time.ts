const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Reads OANDA's time, which counts nanoseconds: `2016-10-17T19:35:00.000000000Z`, as UTC ms. */
export function timeMsOf(value: unknown): number | null {
  const match = typeof value === "string" ? RFC3339.exec(value) : null;
  if (match === null) return null;
  const [, seconds = "", fraction = ""] = match;
  const atMs = Date.parse(`${seconds}Z`) + Number(fraction.padEnd(3, "0").slice(0, 3));
  return Number.isFinite(atMs) ? atMs : null;
}
