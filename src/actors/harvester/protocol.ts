import type { Series } from "../../market/series.ts";
import type { Timeframe } from "../../market/timeframe.ts";
import type { Topic } from "../../runtime/protocol.ts";

/** What a harvester can be asked. There is one per exchange. */
export interface HarvesterProtocol {
  /** Follows a series: loads its history into the store, then polls it at each close. */
  readonly follow: Topic<FollowOrder, FollowAnswer>;
  readonly forget: Topic<Series>;
  /** Tells that candles of a timeframe have closed a moment ago. */
  readonly closed: Topic<CloseNotice>;
  /** Tells that a secret has changed: what was lent of it is void. */
  readonly revoked: Topic<{ readonly secret: string }>;
}

export interface CloseNotice {
  readonly timeframe: Timeframe;
  readonly closeTime: number;
  /** Pairs with an open position: their candles are asked for first. */
  readonly heldPairs: readonly string[];
}

export interface FollowOrder {
  readonly series: Series;
  readonly seriesId: number;
  /** Candles the analyst needs behind it. */
  readonly candles: number;
}

export type FollowAnswer =
  /** History is stored; fewer candles than asked for when the exchange has no more. */
  | { readonly kind: "ready"; readonly candles: number }
  /** The exchange does not answer; the harvester goes on trying. */
  | { readonly kind: "waiting"; readonly reason: string };
