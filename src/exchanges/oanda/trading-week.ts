/** Where the week of currency trading begins and ends. One formatter, since making one is slow. */
const NEW_YORK = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/New_York",
  weekday: "short",
  hour: "2-digit",
  hourCycle: "h23",
});

/** Trading ends on Friday and begins on Sunday at this hour in New York. */
const TURN_OF_WEEK_HOUR = 17;

/** A weekend has 48 hours, and an hour more when the clocks go back in it. */
const LONGEST_WEEKEND_MS = 49 * 3_600_000;

/**
 * Whether currencies trade at any moment from an instant until just before another, UTC ms: from
 * Sunday to Friday 17:00 in New York. Holidays, and the minutes after 17:00 of each day, are not
 * known here: what lacks there the venue's own answers tell.
 */
export function isInTradingWeek(fromMs: number, untilMs: number): boolean {
  // Longer than a weekend, or begun or ended outside of one: some of it is in the week.
  return untilMs - fromMs > LONGEST_WEEKEND_MS || isOpenAt(fromMs) || isOpenAt(untilMs - 1);
}

function isOpenAt(atMs: number): boolean {
  const parts = NEW_YORK.formatToParts(atMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "";
  const hour = Number(part("hour"));
  switch (part("weekday")) {
    case "Sat":
      return false;
    case "Fri":
      return hour < TURN_OF_WEEK_HOUR;
    case "Sun":
      return hour >= TURN_OF_WEEK_HOUR;
    default:
      return true;
  }
}
