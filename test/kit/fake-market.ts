import { ExchangeFailure } from "../../src/exchanges/errors.ts";
import type {
  CallOptions,
  CandleAnswer,
  CandleRequest,
  ClockOffset,
  DayStats,
  MarketData,
  OrderBook,
  Quote,
} from "../../src/exchanges/port.ts";
import type { Candle } from "../../src/market/candle.ts";
import type { Instrument } from "../../src/market/instrument.ts";
import { lastClosedOpenTime, openTimeAt, timeframeMs } from "../../src/market/timeframe.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { instrument } from "./builders.ts";

/** A sound candle; its close tells it from others. */
export function candleAt(openTime: number, close = 100): Candle {
  return { openTime, open: 100, high: close + 1, low: Math.min(99, close), close, volume: 1 };
}

/**
 * What becomes of one call for candles: the venue's rows; the rows without the newest closed one;
 * the rows without the one before it; that row damaged; a row that names no time damaged; no answer
 * at all; a ban; a fault of ours.
 */
export type Step = "ok" | "late" | "holey" | "corrupt" | "nameless" | "down" | "banned" | "bug";

/** An exchange that has a candle for every instant, except where a test says otherwise. */
export class FakeMarket implements MarketData {
  readonly exchange: string;
  readonly requests: (CandleRequest & { readonly options: CallOptions })[] = [];
  /** What becomes of the next calls for candles; then of all others. */
  readonly script: Step[] = [];
  always: Step = "ok";
  /** Open times the venue has no candle for. */
  readonly lacks = new Set<number>();
  /** Before this there was no trading. */
  listedAt = 0;
  /** Says whether an answer holds the candle that is still open. */
  showsOpen = true;
  maxCandles = 1_000;
  offsetMs = 0;
  /** When its clock was measured, ms on the test's clock; undefined while it never was. */
  measuredAt: number | undefined = 0;
  /** Says whether it trades at some time of a span. */
  opens: (fromMs: number, untilMs: number) => boolean = () => true;
  listed: Instrument[] = [instrument()];
  bid = "29999";
  ask = "30001";
  /** Names of calls that fail, and how many of each were made. */
  readonly failing = new Set<string>();
  readonly calls = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock, exchange = "binance") {
    this.#clock = clock;
    this.exchange = exchange;
  }

  async instruments(): Promise<readonly Instrument[]> {
    await this.#count("instruments");
    return this.listed;
  }

  async candles(request: CandleRequest, options: CallOptions = {}): Promise<CandleAnswer> {
    this.requests.push({ ...request, options });
    const step = this.script.shift() ?? this.always;
    await Promise.resolve();
    options.signal?.throwIfAborted();
    if (step === "bug") throw new TypeError("a fault of ours");
    if (step === "down") throw new ExchangeFailure(this.exchange, "transient", "no answer");
    if (step === "banned") throw new ExchangeFailure(this.exchange, "banned", "shut out");
    const { timeframe } = request;
    const newest = lastClosedOpenTime(timeframe, this.venueNowMs());
    const rows = this.#rows(request);
    const exchangeNowMs = this.sureNowMs(rows);
    if (step === "ok") return { candles: rows, rejected: [], exchangeNowMs };
    if (step === "holey") {
      const passedOver = newest - timeframeMs(timeframe);
      const candles = rows.filter(({ openTime }) => openTime !== passedOver);
      return { candles, rejected: [], exchangeNowMs };
    }
    const candles = rows.filter((row) => row.openTime < newest);
    const openTime = step === "nameless" ? null : newest;
    const rejected = step === "late" ? [] : [{ openTime, reason: "high-below-body" }];
    return { candles, rejected, exchangeNowMs };
  }

  async quotes(pairs: readonly string[]): Promise<readonly Quote[]> {
    await this.#count("quotes");
    const { bid, ask } = this;
    const listed = pairs.filter((pair) => this.listed.some((one) => one.pair === pair));
    return listed.map((pair) => ({ pair, bid, ask, at: this.#clock.nowMs() }));
  }

  async orderBook(pair: string): Promise<OrderBook> {
    await this.#count("orderBook");
    const bids = [{ price: this.bid, quantity: "1000" }];
    const asks = [{ price: this.ask, quantity: "1000" }];
    return { pair, bids, asks, at: this.#clock.nowMs() };
  }

  async dayStats(pair: string): Promise<DayStats> {
    await this.#count("dayStats");
    const price = this.bid;
    const figures = { lastPrice: price, openPrice: price, highPrice: price, lowPrice: price };
    return { pair, quoteVolume: "250000000", ...figures, at: this.#clock.nowMs() };
  }

  isOpen(_pair: string, fromMs: number, untilMs: number): boolean {
    return this.opens(fromMs, untilMs);
  }

  async measureClock(): Promise<number> {
    await this.#count("measureClock");
    this.measuredAt = this.#clock.monotonicMs();
    return this.offsetMs;
  }

  exchangeNowMs(): number {
    return this.venueNowMs();
  }

  /** What the venue's clock says. */
  protected venueNowMs(): number {
    return this.#clock.nowMs() + this.offsetMs;
  }

  /** What is sure of it with the rows that have come. */
  protected sureNowMs(_rows: readonly Candle[]): number {
    return this.exchangeNowMs();
  }

  clockOffset(): ClockOffset | undefined {
    const { offsetMs, measuredAt } = this;
    if (measuredAt === undefined) return undefined;
    return { offsetMs, ageMs: this.#clock.monotonicMs() - measuredAt };
  }

  budgetLeft(): number {
    return 1;
  }

  async close(): Promise<void> {}

  async #count(name: string): Promise<void> {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    await Promise.resolve();
    if (this.failing.has(name)) throw new ExchangeFailure(this.exchange, "transient", "no answer");
  }

  /** As venues do it: from `since` on, or the newest ones; what does not exist is passed over. */
  #rows({ timeframe, sinceMs, limit }: CandleRequest): Candle[] {
    const step = timeframeMs(timeframe);
    const open = openTimeAt(timeframe, this.venueNowMs());
    const newest = this.showsOpen ? open : open - step;
    const has = (at: number): boolean => at >= this.listedAt && !this.lacks.has(at);
    const rows: Candle[] = [];
    if (sinceMs === undefined) {
      for (let at = newest; rows.length < limit && at >= this.listedAt; at -= step) {
        if (has(at)) rows.unshift(candleAt(at));
      }
      return rows;
    }
    for (let at = Math.max(sinceMs, this.listedAt); rows.length < limit && at <= newest; at += step)
      if (has(at)) rows.push(candleAt(at));
    return rows;
  }
}
