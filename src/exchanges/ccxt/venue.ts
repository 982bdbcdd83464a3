import type { Timeframe } from "../../market/timeframe.ts";
import type { VenueLimits } from "../limiter/limits.ts";

/** What the calls of {@link MarketData} cost, in the venue's own weight. */
interface CallWeights {
  readonly instruments: number;
  readonly candles: number;
  readonly quotes: number;
  readonly dayStats: number;
  readonly time: number;
  /** Cost of an order book of so many levels. */
  readonly orderBook: (levels: number) => number;
}

/** What is different about a venue: everything the adapter knows of it stands in one such row. */
export interface Venue {
  /** The exchange's id, also the name of its class in ccxt. */
  readonly id: string;
  /** Hosts of the real venue, each with all below it; nobody else is called without being allowed. */
  readonly hosts: readonly string[];
  readonly limits: VenueLimits;
  readonly weights: CallWeights;
  /** Header in which answers tell the weight used in the venue's current minute, in lower case. */
  readonly usedWeightHeader?: string;
  readonly maxCandles: number;
  readonly maxLevels: number;
  /** ccxt options that keep it to spot and to one request for the instruments. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Query of the instruments request. */
  readonly instrumentParams?: Readonly<Record<string, unknown>>;
  /** How several quotes come in one request. */
  readonly bulkQuotes: "fetchBidsAsks" | "fetchTickers";
  /** Smallest step of the venue's clock answer, ms; half of it is added to what it says. */
  readonly timeStepMs: number;
  /** The `since` to ask for when rows from an instant on are wanted; the same when left out. */
  readonly sinceFor?: (timeframe: Timeframe, sinceMs: number) => number;
  /** Says whether a parsed 2xx answer has the shape its address promises. */
  readonly isSound: (path: string, body: unknown) => boolean;
  /** The venue's own error code in a parsed answer. */
  readonly codeOf: (body: unknown) => string | undefined;
  /** What a code means where ccxt's class says something else; the start of a code is enough. */
  readonly codes: CodeMeanings;
}

/** Error codes by what they mean for the next call. */
export interface CodeMeanings {
  readonly transient: readonly string[];
  readonly banned: readonly string[];
  readonly permanent: readonly string[];
}
