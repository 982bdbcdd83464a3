import { Draws, mix } from "../random.ts";
import { type Columns, emptyColumns } from "./columns.ts";
import type { PairProfile } from "./profile.ts";
import { regimeOf } from "./regime.ts";

const HOURS = 24;

/** Standard deviation of an hour's change in a usual regime, as a share of the price. */
export function hourlyVolatility(profile: PairProfile): number {
  return profile.dailyVolatility / Math.sqrt(HOURS);
}

/**
 * The 24 hours of a day, from its first price to its last: a walk with the drift and the noise of
 * its regimes, tilted so that it ends where the day ends.
 * An hour's high and low are drawn by the law of the extremes of such a walk between two fixed
 * prices, so that the hours stand before their minutes are known, and long bars cost little.
 */
export function hoursOfDay(
  profile: PairProfile,
  pairKey: number,
  day: number,
  ends: { readonly open: number; readonly close: number },
): Columns {
  const draws = new Draws(mix(mix(pairKey, 0x40a5), day));
  const closes = hourCloses(profile, pairKey, day, ends, draws);
  const hours = emptyColumns(HOURS);
  let open = ends.open;
  for (let i = 0; i < HOURS; i++) {
    const close = closes[i] ?? open;
    const sigma = hourlyVolatility(profile) * regimeOf(pairKey, day * HOURS + i).volatility;
    const change = Math.log(close / open);
    const top = extreme(change, sigma, draws);
    const bottom = -extreme(-change, sigma, draws);
    hours.open[i] = open;
    hours.close[i] = close;
    hours.high[i] = Math.max(open, close, Math.round(open * Math.exp(top)));
    hours.low[i] = Math.max(1, Math.min(open, close, Math.round(open * Math.exp(bottom))));
    hours.volume[i] = hourVolume(profile, i, (top - bottom) / hourlyVolatility(profile), draws);
    open = close;
  }
  return hours;
}

function hourCloses(
  profile: PairProfile,
  pairKey: number,
  day: number,
  ends: { readonly open: number; readonly close: number },
  draws: Draws,
): number[] {
  const sigma = hourlyVolatility(profile);
  let walked = 0;
  const walk = Array.from({ length: HOURS }, (_, i) => {
    const regime = regimeOf(pairKey, day * HOURS + i);
    walked += sigma * (regime.drift + regime.volatility * draws.fatTailed());
    return walked;
  });
  const tilt = (Math.log(ends.close / ends.open) - walked) / HOURS;
  return walk.map((log, i) =>
    i === HOURS - 1
      ? ends.close
      : Math.max(1, Math.round(ends.open * Math.exp(log + tilt * (i + 1)))),
  );
}

/** The highest logarithm that a walk from 0 to `change` reaches, by inverting its distribution. */
function extreme(change: number, sigma: number, draws: Draws): number {
  const tail = -2 * sigma * sigma * Math.log(1 - draws.uniform());
  return (change + Math.sqrt(change * change + tail)) / 2;
}

/** More is traded while Europe and America are awake, and while prices move. In lots. */
function hourVolume(profile: PairProfile, hour: number, range: number, draws: Draws): number {
  const season = hour >= 7 && hour < 21 ? 1.2 : 0.72;
  const moved = 0.3 + 0.45 * range;
  const usual = (profile.dailyVolume / HOURS) * 10 ** profile.listing.volumeDecimals;
  return Math.round(usual * season * moved * draws.between(0.6, 1.4));
}
