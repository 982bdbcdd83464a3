import { formingBar } from "../forming.ts";
import type { Bar, Listing, MarketIdentity, SandboxMarket, TradingStatus } from "../market.ts";
import { keyOf } from "../random.ts";
import { extend, type Figures, figuresAt } from "./columns.ts";
import { extraPairs } from "./extra-pairs.ts";
import { KNOWN_PAIRS } from "./known-pairs.ts";
import { PairTrack, trackCaches } from "./pair-track.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The market's first instant. A Monday: weeks open with it. */
const EPOCH_MS = Date.UTC(2018, 0, 1);

/**
 * A market made from a seed. A candle is a pure function of seed, symbol and open time: it does
 * not depend on what was asked before, on the process, or on how many pairs are listed.
 */
export class SyntheticMarket implements SandboxMarket {
  readonly identity: MarketIdentity;
  readonly listings: readonly Listing[];
  readonly #tracks: ReadonlyMap<string, PairTrack>;

  constructor(seed: string, options: { readonly extraSymbols?: number } = {}) {
    this.identity = { seed, replay: null };
    const profiles = [...KNOWN_PAIRS, ...extraPairs(options.extraSymbols ?? 0)];
    this.listings = profiles.map((profile) => profile.listing);
    const market = keyOf(`${seed} market`);
    const caches = trackCaches();
    this.#tracks = new Map(
      profiles.map((profile, place) => {
        const { symbol } = profile.listing;
        const keys = { pair: keyOf(`${seed} pair ${symbol}`), market };
        return [symbol, new PairTrack(profile, keys, place, caches)];
      }),
    );
  }

  span(): { readonly firstMs: number; readonly endMs: number } {
    return { firstMs: EPOCH_MS, endMs: Number.POSITIVE_INFINITY };
  }

  barOver(listing: Listing, fromMs: number, untilMs: number): Bar | undefined {
    const track = this.#trackOf(listing);
    let whole: Figures | undefined;
    for (let at = Math.max(fromMs, EPOCH_MS); at < untilMs; ) {
      const isHour = at % HOUR_MS === 0 && at + HOUR_MS <= untilMs;
      const part = isHour ? hourAt(track, at) : minuteUntil(track, at, untilMs);
      if (whole === undefined) whole = part;
      else extend(whole, part);
      at += isHour ? HOUR_MS : MINUTE_MS;
    }
    return whole === undefined ? undefined : barOf(fromMs, whole);
  }

  priceAt(listing: Listing, atMs: number): bigint {
    const minute = Math.max(EPOCH_MS, Math.floor(atMs / MINUTE_MS) * MINUTE_MS);
    return this.barOver(listing, minute, Math.max(minute, atMs) + 1)?.close ?? 0n;
  }

  statusAt(): TradingStatus {
    return "TRADING";
  }

  #trackOf(listing: Listing): PairTrack {
    const track = this.#tracks.get(listing.symbol);
    if (track === undefined) throw new RangeError(`not listed: ${listing.symbol}`);
    return track;
  }
}

function hourAt(track: PairTrack, atMs: number): Figures {
  const hour = (atMs - EPOCH_MS) / HOUR_MS;
  return figuresAt(track.hoursOf(Math.floor(hour / 24)), hour % 24);
}

function minuteUntil(track: PairTrack, atMs: number, untilMs: number): Figures {
  const minute = Math.floor((atMs - EPOCH_MS) / MINUTE_MS);
  const whole = figuresAt(track.minutesOf(Math.floor(minute / 60)), minute % 60);
  const elapsedMs = untilMs - atMs;
  if (elapsedMs >= MINUTE_MS) return whole;
  const bar = formingBar(barOf(atMs, whole), elapsedMs, MINUTE_MS, track.minuteKey(minute));
  return {
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
    volume: Number(bar.volume),
  };
}

function barOf(openTime: number, figures: Figures): Bar {
  return {
    openTime,
    open: BigInt(figures.open),
    high: BigInt(figures.high),
    low: BigInt(figures.low),
    close: BigInt(figures.close),
    volume: BigInt(figures.volume),
  };
}
