import type { HubEvent } from "../../market/events.ts";
import type { Portfolio } from "../../market/portfolio.ts";
import type { Series } from "../../market/series.ts";
import type { Topic } from "../../runtime/protocol.ts";

/** What the commander can be asked. */
export interface CommanderProtocol {
  /** Follows a series from now on; answers once its analyst is armed, or why it is refused. */
  readonly watch: Topic<WatchOrder, WatchAnswer>;
  /** For the commander itself: a wish that is sound joins the list, and what it needs is started. */
  readonly join: Topic<Joining, Joined>;
  /** Stops following a series; its analyst is gone when the answer comes. */
  readonly unwatch: Topic<UnwatchOrder, UnwatchAnswer>;
  /** Creates a portfolio or replaces what it follows; new series are armed in the background. */
  readonly savePortfolio: Topic<
    { readonly portfolio: Portfolio; readonly by: string },
    PortfolioAnswer
  >;
  /** Tells that an exchange's harvester has started and follows nothing yet. */
  readonly harvesterStarted: Topic<{ readonly exchange: string }>;
  /** Tells how far an exchange's clock is from the hub's: exchange minus hub, ms. */
  readonly clockMeasured: Topic<{ readonly exchange: string; readonly offsetMs: number }>;
  /** Tells that this hub has gained or lost the right to poll an exchange. */
  readonly leaseChanged: Topic<{ readonly exchange: string }>;
  /** Tells that the stored watchlist is not what it was, perhaps through another hub. */
  readonly listChanged: Topic<null>;
  /** Tells that other strategies run, or with other parameters: whoever thinks with them begins anew. */
  readonly strategiesChanged: Topic<null>;
  /** Passes on a fact from an actor that lives in another process. */
  readonly fact: Topic<HubEvent>;
  /** Every followed series and how it is doing. */
  readonly watchlist: Topic<null, readonly WatchedSeries[]>;
}

export interface WatchOrder {
  readonly portfolio: string;
  /** As written by a person; the commander checks and normalises it. */
  readonly exchange: string;
  readonly pair: string;
  readonly timeframe: string;
  /** Who asked, for the watchlist's history. */
  readonly by: string;
}

/** A wish whose words are checked, and whose exchange does not say no to it. */
export interface Joining {
  readonly series: Series;
  readonly portfolio: string;
  readonly by: string;
}

export interface Joined {
  /** It was followed already, and nothing is left to be done for it. */
  readonly wasThere: boolean;
  /** This hub looks after it. */
  readonly isOurs: boolean;
}

export interface UnwatchOrder {
  readonly exchange: string;
  readonly pair: string;
  readonly timeframe: string;
  readonly by: string;
}

/** What was wrong with a wish, and what would have been right. */
export interface Refused {
  readonly kind: "refused";
  readonly field: "exchange" | "pair" | "timeframe" | "portfolio";
  readonly message: string;
  readonly allowed: readonly string[];
}

export type WatchAnswer =
  | { readonly kind: "added"; readonly series: Series; readonly armedInMs: number }
  | { readonly kind: "already-watched"; readonly series: Series }
  /** Followed from now on, but the exchange does not answer yet; it is armed as soon as it does. */
  | { readonly kind: "arming"; readonly series: Series; readonly reason: string }
  | Refused;

export type UnwatchAnswer =
  | { readonly kind: "removed"; readonly series: Series }
  | { readonly kind: "not-watched" }
  | Refused;

export type PortfolioAnswer = { readonly kind: "saved"; readonly portfolio: Portfolio } | Refused;

export interface WatchedSeries extends Series {
  /**
   * `arming`: history is being loaded. `armed`: its analyst waits for the next candle. `parked`: it
   * failed too often. `standby`: another hub looks after its exchange.
   */
  readonly state: "arming" | "armed" | "parked" | "standby";
  readonly newestOpenTime: number | null;
}
