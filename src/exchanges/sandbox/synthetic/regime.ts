import { Draws, mix } from "../random.ts";

/** How a pair behaves for some hours. */
export interface Regime {
  readonly name: "trend" | "range" | "volatile";
  /** Multiplies the usual volatility. */
  readonly volatility: number;
  /** What an hour drifts, in hourly standard deviations, with its direction. */
  readonly drift: number;
  /** How much of a minute's change the next one repeats. */
  readonly momentum: number;
  /** How much of its distance from the hour's line a price keeps from minute to minute. */
  readonly memory: number;
}

/** Regimes change at 0, 4, 8 … hours UTC. */
const REGIME_HOURS = 4;

/** The regime of an hour, counted from the market's first one. */
export function regimeOf(pairKey: number, hour: number): Regime {
  const draws = new Draws(mix(mix(pairKey, 0x7e61), Math.floor(hour / REGIME_HOURS)));
  const kind = draws.uniform();
  const direction = draws.uniform() < 0.5 ? -1 : 1;
  if (kind < 0.4) {
    return { name: "trend", volatility: 0.9, drift: direction * 1.1, momentum: 0.35, memory: 1 };
  }
  if (kind < 0.75) {
    return { name: "range", volatility: 0.8, drift: 0, momentum: 0, memory: 0.86 };
  }
  return { name: "volatile", volatility: 1.9, drift: 0, momentum: 0.1, memory: 0.98 };
}
