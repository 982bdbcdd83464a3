import { Lru } from "../lru.ts";
import { mix } from "../random.ts";
import { type Columns, figuresAt } from "./columns.ts";
import { DayWalk } from "./day-walk.ts";
import { hourlyVolatility, hoursOfDay } from "./hours.ts";
import { minutesOfHour } from "./minutes.ts";
import type { PairProfile } from "./profile.ts";
import { regimeOf } from "./regime.ts";

/** Made days and hours of all pairs of a market. */
export interface TrackCaches {
  readonly days: Lru<Columns>;
  readonly hours: Lru<Columns>;
}

/**
 * Room for some years of days of several pairs (1 kB each), and for the newest hours of well over
 * a thousand pairs (2.4 kB each), so that a poll of all of them makes each hour once.
 */
export function trackCaches(): TrackCaches {
  return { days: new Lru(12_000), hours: new Lru(5_000) };
}

/** Pairs keep apart in the common caches by this; it is more hours than a century has. */
const HOURS_PER_PAIR = 2 ** 21;

/** One pair's past and future, made on demand; whatever is asked first, it is the same. */
export class PairTrack {
  readonly #profile: PairProfile;
  readonly #key: number;
  readonly #place: number;
  readonly #walk: DayWalk;
  readonly #caches: TrackCaches;

  /** @param place tells the pair apart from the others in the caches. */
  constructor(
    profile: PairProfile,
    keys: { readonly pair: number; readonly market: number },
    place: number,
    caches: TrackCaches,
  ) {
    this.#profile = profile;
    this.#key = keys.pair;
    this.#place = place * HOURS_PER_PAIR;
    this.#walk = new DayWalk(profile, keys.pair, keys.market);
    this.#caches = caches;
  }

  /** The 24 hours of a day; days count from the market's first one. */
  hoursOf(day: number): Columns {
    return this.#caches.days.get(this.#place + day, () =>
      hoursOfDay(this.#profile, this.#key, day, {
        open: this.#walk.openTicks(day),
        close: this.#walk.openTicks(day + 1),
      }),
    );
  }

  /** The 60 minutes of an hour; hours count from the market's first one. */
  minutesOf(hour: number): Columns {
    return this.#caches.hours.get(this.#place + hour, () => {
      const figures = figuresAt(this.hoursOf(Math.floor(hour / 24)), hour % 24);
      const sigma = hourlyVolatility(this.#profile);
      return minutesOfHour(figures, regimeOf(this.#key, hour), sigma, this.#key, hour);
    });
  }

  /** Tells the way through a minute apart from that of other minutes. */
  minuteKey(minute: number): number {
    return mix(mix(this.#key, 0x6b), minute);
  }
}
