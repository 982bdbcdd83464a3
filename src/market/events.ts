import type { DecimalText } from "./decimal.ts";
import type { HaltCause, HaltMode, HaltScope } from "./halt.ts";
import type { OrderState } from "./order.ts";
import type { Series } from "./series.ts";
import type { Side } from "./signal.ts";
import { isOrigin, type TraceId, traceIdOf } from "./trace.ts";

/** Facts in the past tense: what metrics, logs, the event stream and Chatty's insights are told. */
export type HubEvent = Fact & {
  /** The candle that it came of, where that is known. */
  readonly traceId?: TraceId;
};

type Fact =
  | {
      readonly kind: "candle-saved";
      readonly series: Series;
      readonly openTime: number;
      readonly closeTime: number;
      readonly close: number;
      /** `revised` when a closed candle changed afterwards. */
      readonly novelty: "new" | "revised";
      readonly source: CandleSource;
    }
  /** Older candles arrived together: a first load, or what was missed while the hub was away. */
  | {
      readonly kind: "history-saved";
      readonly series: Series;
      readonly count: number;
      readonly newestOpenTime: number;
      readonly newestClose: number;
      readonly source: CandleSource;
    }
  | {
      readonly kind: "poll-finished";
      readonly series: Series;
      readonly outcome: PollOutcome;
      readonly attempt: number;
      readonly durationMs: number;
      /** Close of the candle asked for until the answer held it, ms; absent without it. */
      readonly latenessMs?: number;
    }
  | {
      readonly kind: "gap-opened" | "gap-healed" | "gap-confirmed-empty";
      readonly series: Series;
      readonly openTime: number;
    }
  | {
      readonly kind: "retry-pending";
      readonly series: Series;
      readonly openTime: number;
      readonly reason: string;
    }
  | {
      readonly kind: "signal-raised";
      readonly signalId: string;
      readonly series: Series;
      readonly openTime: number;
      readonly strategy: string;
      readonly side: Side;
      readonly price: DecimalText;
    }
  | {
      readonly kind: "verdict-given";
      readonly signalId: string;
      readonly series: Series;
      readonly openTime: number;
      readonly strategy: string;
      readonly side: Side;
      readonly decision: "accepted" | "refused";
      readonly reasons: readonly string[];
      /** From the candle's answer in hand to the verdict stored, ms. */
      readonly latencyMs: number;
    }
  | {
      readonly kind: "order-changed";
      readonly clientOrderId: string;
      readonly exchange: string;
      readonly pair: string;
      readonly side: Side;
      readonly state: OrderState;
      readonly reason?: string;
      /** Sent until the broker answered, ms; where this is its answer. */
      readonly ackMs?: number;
    }
  | {
      readonly kind: "order-filled";
      readonly clientOrderId: string;
      readonly exchange: string;
      readonly pair: string;
      readonly side: Side;
      readonly quantity: DecimalText;
      readonly price: DecimalText;
      /** Price the decision was made at. */
      readonly referencePrice: DecimalText;
      readonly fee: DecimalText;
    }
  | {
      readonly kind: "position-closed";
      readonly exchange: string;
      readonly pair: string;
      readonly pnl: DecimalText;
      readonly origin: string;
    }
  /** What is held had no quote for long, so that neither stop nor target can be reached; or has again. */
  | {
      readonly kind: "quotes-lost" | "quotes-back";
      readonly exchange: string;
      readonly pair: string;
    }
  | {
      readonly kind: "trading-halted" | "trading-resumed";
      readonly scope: HaltScope;
      readonly mode: HaltMode;
      readonly cause: HaltCause;
      readonly by: string;
      readonly reason: string;
    }
  /** The books were compared with what the broker says it holds. */
  | {
      readonly kind: "books-compared";
      readonly positions: number;
      readonly orders: number;
      /** Pairs of which they do not say the same. */
      readonly mismatches: number;
    }
  | { readonly kind: "books-not-compared"; readonly reason: string }
  | { readonly kind: "series-added" | "series-removed"; readonly series: Series }
  | { readonly kind: "portfolio-saved"; readonly portfolio: string }
  | {
      readonly kind: "actor-restarted" | "actor-parked" | "actor-escalated";
      readonly actor: string;
      readonly reason: string;
    }
  | { readonly kind: "store-changed"; readonly state: "ok" | "offline"; readonly reason: string }
  /** Other strategies run, or with other parameters; named by their configurations. */
  | {
      readonly kind: "configuration-changed";
      readonly origin: "vault" | "memory" | "settings";
      readonly started: readonly string[];
      readonly changed: readonly string[];
      readonly stopped: readonly string[];
    }
  /** A row of the vault that cannot be; its last good version stays in use. */
  | {
      readonly kind: "configuration-refused";
      readonly config: string;
      readonly version: number;
      readonly reason: string;
    }
  /** Secrets and strategy configurations come from a vault; this says whether it serves. */
  | {
      readonly kind: "vault-changed";
      readonly state: "ok" | "offline" | "wrong-token";
      readonly reason: string;
    }
  /** Somebody asked for a secret; the ledger has the line. */
  | {
      readonly kind: "secret-asked";
      readonly who: string;
      readonly secret: string;
      readonly purpose: string;
      readonly outcome: SecretOutcome;
      readonly reason?: string;
    }
  /** The vault has another value or none: leases of the old one are void. */
  | { readonly kind: "secret-revoked"; readonly secret: string }
  /** The whole chain of the ledger of secrets was recomputed, and every line of it found in its place. */
  | { readonly kind: "ledger-verified"; readonly lines: number }
  /** A line of it was altered, removed or cut off: somebody was in the data folder. */
  | { readonly kind: "ledger-broken"; readonly line: number; readonly reason: string }
  /** Whether the ledger is whole could not be found out, as with a disk that does not read; tried again. */
  | { readonly kind: "ledger-unread"; readonly reason: string }
  /** Retention was at work; how many rows of what are gone. */
  | {
      readonly kind: "old-rows-removed";
      readonly removed: { readonly [what: string]: number };
    }
  /** A part of the database's upkeep could not be done; it is tried again within the hour or so. */
  | { readonly kind: "upkeep-failed"; readonly chore: string; readonly reason: string }
  /** From now on this hub does what the lease is for; after a loss it does so no more. */
  | { readonly kind: "lease-gained"; readonly lease: string; readonly epoch: number }
  | { readonly kind: "lease-lost"; readonly lease: string; readonly reason: string }
  /** This hub stands by: another one, named for people, does what the lease is for. */
  | { readonly kind: "lease-held-elsewhere"; readonly lease: string; readonly by: string }
  /** The stored watchlist is not what it was, through whichever hub it was changed. */
  | { readonly kind: "watchlist-changed" };

/** The event with its trace id, if it tells its candle; as it is otherwise. */
export function traced(event: HubEvent): HubEvent {
  return isOrigin(event) ? { ...event, traceId: traceIdOf(event) } : event;
}

export type PollOutcome = "ok" | "missing" | "corrupt" | "failed" | "banned";

/** What became of a wish for a secret. */
export type SecretOutcome = "granted" | "denied" | "absent" | "unavailable";

/** Where a candle came from. */
export type CandleSource = "poll" | "retry" | "bootstrap" | "backfill";

/** An event with its place in the stream. */
export interface Recorded {
  /** Rising by one; the SSE id. */
  readonly seq: number;
  /** UTC ms on the hub's clock. */
  readonly at: number;
  readonly event: HubEvent;
}
