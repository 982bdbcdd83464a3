import { Draws, mix } from "../random.ts";
import { type Columns, emptyColumns, type Figures } from "./columns.ts";
import type { Regime } from "./regime.ts";

const MINUTES = 60;

/**
 * The 60 minutes of an hour. They join without a jump, lie within the hour's high and low, touch
 * both, and their volumes add up to the hour's: the hour is exactly their sum.
 * @param sigma standard deviation of a usual hour's change, as a share of the price.
 */
export function minutesOfHour(
  hour: Figures,
  regime: Regime,
  sigma: number,
  pairKey: number,
  index: number,
): Columns {
  const draws = new Draws(mix(mix(pairKey, 0x313), index));
  const step = (hour.open * sigma * regime.volatility) / Math.sqrt(MINUTES);
  const minutes = emptyColumns(MINUTES);
  let open = hour.open;
  closesOfHour(hour, regime, step, draws).forEach((close, i) => {
    const top = Math.max(open, close) + Math.abs(draws.fatTailed()) * step * 0.4;
    const bottom = Math.min(open, close) - Math.abs(draws.fatTailed()) * step * 0.4;
    minutes.open[i] = open;
    minutes.close[i] = close;
    minutes.high[i] = Math.min(hour.high, Math.round(top));
    minutes.low[i] = Math.max(hour.low, Math.round(bottom));
    open = close;
  });
  touchExtremes(minutes, hour);
  spreadVolume(minutes, hour, draws);
  return minutes;
}

/** A walk around the line from open to close that is tilted to end at the close. */
function closesOfHour(hour: Figures, regime: Regime, step: number, draws: Draws): number[] {
  let away = 0;
  let change = 0;
  const walk = Array.from({ length: MINUTES }, () => {
    change = change * regime.momentum + draws.fatTailed() * step;
    away = away * regime.memory + change;
    return away;
  });
  const slope = (hour.close - hour.open - away) / MINUTES;
  return walk.map((offset, i) =>
    i === MINUTES - 1
      ? hour.close
      : folded(Math.round(hour.open + offset + slope * (i + 1)), hour.low, hour.high),
  );
}

/** Throws a price that left the hour's range back into it, as far as it had left. */
function folded(price: number, low: number, high: number): number {
  if (price > high) return Math.max(low, 2 * high - price);
  return price < low ? Math.min(high, 2 * low - price) : price;
}

/** Lets the minute that came nearest to the hour's high touch it, and another its low. */
function touchExtremes(minutes: Columns, hour: Figures): void {
  let highest = 0;
  let lowest = 0;
  for (let i = 1; i < MINUTES; i++) {
    if ((minutes.high[i] ?? 0) > (minutes.high[highest] ?? 0)) highest = i;
    if ((minutes.low[i] ?? 0) < (minutes.low[lowest] ?? 0)) lowest = i;
  }
  minutes.high[highest] = hour.high;
  minutes.low[lowest] = hour.low;
}

/** Shares out the hour's lots by how far each minute went; rounding the running sum loses none. */
function spreadVolume(minutes: Columns, hour: Figures, draws: Draws): void {
  const range = (i: number): number => (minutes.high[i] ?? 0) - (minutes.low[i] ?? 0);
  let total = 0;
  for (let i = 0; i < MINUTES; i++) total += range(i);
  const mean = total / MINUTES || 1;
  const weights = Float64Array.from(
    { length: MINUTES },
    (_, i) => (0.25 + range(i) / mean) * draws.between(0.6, 1.4),
  );
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let running = 0;
  let given = 0;
  for (let i = 0; i < MINUTES; i++) {
    running += weights[i] ?? 0;
    const due = i === MINUTES - 1 ? hour.volume : Math.floor((hour.volume * running) / all);
    minutes.volume[i] = due - given;
    given = due;
  }
}
