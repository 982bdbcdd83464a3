import type { DecimalText } from "../decimal.ts";

export const DAY_MS = 86_400_000;

/** What the account was worth on a UTC day, marked to market; account currency. */
export interface EquityDay {
  /** When it began, UTC ms. */
  readonly day: number;
  /** The last mark before it. */
  readonly open: DecimalText;
  readonly high: DecimalText;
  readonly low: DecimalText;
  /** The last mark of it, or so far. */
  readonly close: DecimalText;
  /** Money brought in on it, less what was taken out. */
  readonly flow: DecimalText;
  /** When its close was marked, UTC ms. */
  readonly markedAt: number;
}

/** Worth at an instant, without what was brought in since the curve began. */
export interface EquityPoint {
  /** UTC ms. */
  readonly at: number;
  readonly equity: number;
}

/** Worth at the end of each UTC day, one point a day; the first is what it began with. */
export interface EquityCurve {
  readonly points: readonly EquityPoint[];
  /** Change from point to point as a share, one a day; NaN behind a worth of nothing or less. */
  readonly returns: readonly number[];
}

/**
 * The curve over a period: from the last close at or before its start, or from the first worth known,
 * to the last mark. A day that nobody marked keeps the worth of the day before. Null without a day.
 */
export function curveOf(days: readonly EquityDay[], from: number, to: number): EquityCurve | null {
  const known = days.filter(({ day }) => day < to).toSorted((a, b) => a.day - b.day);
  const within = known.filter(({ day }) => day + DAY_MS > from);
  const before = known.at(-within.length - 1);
  const first = within[0];
  const begin = before === undefined ? first?.day : Math.floor(from / DAY_MS) * DAY_MS;
  if (begin === undefined) return null;
  const start = Number(before?.close ?? first?.open);
  return walk(within, begin, start, Math.max(Math.ceil(to / DAY_MS) * DAY_MS, begin + DAY_MS), to);
}

/** Days are chained by their returns, so that a deposit is no gain and a withdrawal no loss. */
function walk(
  days: readonly EquityDay[],
  begin: number,
  start: number,
  end: number,
  to: number,
): EquityCurve {
  const byDay = new Map(days.map((one) => [one.day, one]));
  const points: EquityPoint[] = [{ at: begin, equity: start }];
  const returns: number[] = [];
  let worth = start;
  // What one unit of today's worth was without the flows; exactly 1 as long as there were none.
  let share = 1;
  for (let day = begin; day < end; day += DAY_MS) {
    const marked = byDay.get(day);
    const flow = Number(marked?.flow ?? 0);
    const next = Number(marked?.close ?? worth);
    returns.push(worth > 0 ? (next - flow) / worth - 1 : Number.NaN);
    if (flow !== 0 && next > 0) share *= (next - flow) / next;
    worth = next;
    points.push({ at: Math.min(day + DAY_MS, to), equity: worth * share });
  }
  return { points, returns };
}

/** Whether the account was ever worth nothing or less: then there is no ratio of two worths. */
export function wasRuined({ points }: EquityCurve): boolean {
  return points.some(({ equity }) => !(equity > 0));
}
