import type { Instrument } from "../../market/instrument.ts";
import type { Clock } from "../../runtime/clock.ts";
import { ExchangeFailure } from "../errors.ts";
import { InstrumentCatalogue } from "../instrument-catalogue.ts";
import type { PaidCalls } from "../paid-calls.ts";
import {
  type CallOptions,
  type CandleAnswer,
  type CandleRequest,
  type ClockOffset,
  type DayStats,
  type MarketData,
  type OrderBook,
  PRIORITY,
  type Priority,
  type Quote,
  type QuoteOptions,
} from "../port.ts";
import { provenNow } from "../proven-now.ts";
import { RecentQuotes } from "../recent-quotes.ts";
import type { ServerClock } from "../server-clock.ts";
import { TransportError } from "../transport/errors.ts";
import type { Transport } from "../transport/transport.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { CcxtClient } from "./ccxt-client.ts";
import { loadMarkets } from "./load-markets.ts";
import { parseCandles } from "./parse/candles.ts";
import { parseInstruments } from "./parse/instruments.ts";
import { parseOrderBook } from "./parse/order-book.ts";
import { parseDayStats, parseQuotes } from "./parse/tickers.ts";
import type { Venue } from "./venue.ts";

/** One reading of a clock is often delayed; the middle one of three is not. */
const READINGS_OF_CLOCK = 3;

/** What the adapter is made of. */
export interface Parts {
  readonly venue: Venue;
  readonly client: CcxtClient;
  readonly calls: PaidCalls;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
}

/** {@link MarketData} of one exchange: each call is one paid request and one parser. */
export class CcxtMarketData implements MarketData {
  readonly #parts: Parts;
  readonly #catalogue: InstrumentCatalogue;
  readonly #recent: RecentQuotes;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { venue, client, clock } = parts;
    this.#recent = new RecentQuotes(clock, venue.limits, venue.weights.quotes);
    this.#catalogue = new InstrumentCatalogue(async () => {
      const load = (): Promise<unknown> => loadMarkets(client, venue);
      const markets = await parts.calls.run(venue.weights.instruments, PRIORITY.account, {}, load);
      return parseInstruments(venue.id, markets);
    });
  }

  get exchange(): string {
    return this.#parts.venue.id;
  }

  get maxCandles(): number {
    return this.#parts.venue.maxCandles;
  }

  /** Shared by all who ask meanwhile, so one asker's signal ends only that asker's wait. */
  async instruments(
    options: CallOptions & { readonly fresh?: boolean } = {},
  ): Promise<readonly Instrument[]> {
    options.signal?.throwIfAborted();
    try {
      return await unlessAborted(
        this.#catalogue.instruments(options.fresh ?? false),
        options.signal,
      );
    } catch (thrown) {
      throw options.signal?.aborted === true ? thrown : this.#parts.calls.failure(thrown);
    }
  }

  async candles(request: CandleRequest, options: CallOptions = {}): Promise<CandleAnswer> {
    const { venue, client, serverClock } = this.#parts;
    const { pair, timeframe, sinceMs } = request;
    const limit = Math.min(Math.max(1, Math.floor(request.limit)), venue.maxCandles);
    const since =
      sinceMs === undefined ? undefined : (venue.sinceFor?.(timeframe, sinceMs) ?? sinceMs);
    return this.#call(venue.weights.candles, PRIORITY.candle, options, async () => {
      const rows = parseCandles(await client.fetchOHLCV(pair, timeframe, since, limit), timeframe);
      const isWanted = (openTime: number): boolean => openTime >= (sinceMs ?? 0);
      const wanted = rows.candles.filter(({ openTime }) => isWanted(openTime));
      const rejected = rows.rejected.filter(
        ({ openTime }) => openTime === null || isWanted(openTime),
      );
      // The newest when no start was given, otherwise the oldest from there.
      const candles = sinceMs === undefined ? wanted.slice(-limit) : wanted.slice(0, limit);
      const exchangeNowMs = provenNow(serverClock.nowMs(), serverClock.ownNowMs(), candles);
      return { candles, rejected, exchangeNowMs };
    });
  }

  async quotes(pairs: readonly string[], options: QuoteOptions = {}): Promise<readonly Quote[]> {
    const remembered = options.recent === true ? this.#recent.of(pairs) : undefined;
    return remembered ?? this.#recent.keep(pairs, () => this.#ask(pairs, options));
  }

  async #ask(pairs: readonly string[], options: CallOptions): Promise<readonly Quote[]> {
    const listed = new Set((await this.instruments(options)).map(({ pair }) => pair));
    const known = pairs.filter((pair) => listed.has(pair));
    try {
      return await this.#quotesOf(known, options);
    } catch (failure) {
      if (!isRefused(failure) || known.length < 2) throw failure;
    }
    // The venue refuses the list for one that it has just delisted: the others are still to be had.
    const single = (pair: string): Promise<readonly Quote[]> =>
      this.#quotesOf([pair], options).catch((failure: unknown) => {
        if (!isRefused(failure)) throw failure;
        return [];
      });
    return (await Promise.all(known.map(single))).flat();
  }

  async orderBook(pair: string, levels: number, options: CallOptions = {}): Promise<OrderBook> {
    const { venue, client, clock } = this.#parts;
    const limit = Math.min(Math.max(1, Math.floor(levels)), venue.maxLevels);
    return this.#call(venue.weights.orderBook(limit), PRIORITY.quote, options, async () =>
      parseOrderBook(await client.fetchOrderBook(pair, limit), pair, clock.nowMs()),
    );
  }

  async dayStats(pair: string, options: CallOptions = {}): Promise<DayStats> {
    const { venue, client, clock } = this.#parts;
    return this.#call(venue.weights.dayStats, PRIORITY.quote, options, async () =>
      parseDayStats(await client.fetchTicker(pair), pair, clock.nowMs()),
    );
  }

  /** Crypto venues trade around the clock; an outage there is a gap. */
  isOpen(): boolean {
    return true;
  }

  async measureClock(options: CallOptions = {}): Promise<number> {
    const { venue, serverClock } = this.#parts;
    const readings: number[] = [];
    for (let i = 0; i < READINGS_OF_CLOCK; i++) {
      readings.push(
        await this.#parts.calls.run(venue.weights.time, PRIORITY.account, options, () =>
          // The stopwatch starts here, after the wait for the budget.
          serverClock.compare(() => this.#askTime()),
        ),
      );
    }
    return serverClock.adopt(readings);
  }

  exchangeNowMs(): number {
    return this.#parts.serverClock.nowMs();
  }

  clockOffset(): ClockOffset | undefined {
    return this.#parts.serverClock.offset();
  }

  budgetLeft(): number {
    return this.#parts.calls.budgetLeft();
  }

  async close(): Promise<void> {
    this.#parts.calls.close();
    this.#parts.transport.close();
  }

  async #quotesOf(pairs: readonly string[], options: CallOptions): Promise<readonly Quote[]> {
    const { venue, client, clock } = this.#parts;
    const [only] = pairs;
    if (only === undefined) return [];
    return this.#call(venue.weights.quotes, PRIORITY.quote, options, async () => {
      if (pairs.length === 1 && venue.bulkQuotes === "fetchTickers") {
        // Some venues answer a list of tickers with all they have.
        return parseQuotes({ [only]: await client.fetchTicker(only) }, pairs, clock.nowMs());
      }
      return parseQuotes(await client[venue.bulkQuotes](pairs), pairs, clock.nowMs());
    });
  }

  async #askTime(): Promise<number> {
    const { venue, client } = this.#parts;
    const answer = await client.fetchTime();
    if (typeof answer !== "number" || !Number.isSafeInteger(answer)) {
      throw new TransportError("the answer made no sense: no time");
    }
    // A clock that shows whole seconds is on average half a second further than it says.
    return answer + Math.floor(venue.timeStepMs / 2);
  }

  /** A call about pairs: it needs the instruments, since ccxt would load them by itself, unguarded. */
  async #call<T>(
    weight: number,
    usual: Priority,
    options: CallOptions,
    work: () => Promise<T>,
  ): Promise<T> {
    await this.instruments(options);
    return this.#parts.calls.run(weight, usual, options, work);
  }
}

/** Whether the same call would fail again. */
function isRefused(failure: unknown): boolean {
  return failure instanceof ExchangeFailure && failure.fault === "permanent";
}
