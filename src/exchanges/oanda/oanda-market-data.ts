import type { Instrument } from "../../market/instrument.ts";
import type { Timeframe } from "../../market/timeframe.ts";
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
} from "../port.ts";
import { provenNow } from "../proven-now.ts";
import type { ServerClock } from "../server-clock.ts";
import { TransportError } from "../transport/errors.ts";
import type { Transport } from "../transport/transport.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { OandaAnswer, OandaClient, Question } from "./client.ts";
import { GRANULARITY, parseCandles } from "./parse/candles.ts";
import { parseDay } from "./parse/day.ts";
import { nameOf, parseInstruments } from "./parse/instruments.ts";
import { parseOrderBook, parseQuotes } from "./parse/prices.ts";
import { isInTradingWeek } from "./trading-week.ts";

/** One reading of a clock is often delayed; the middle one of three is not. */
const READINGS_OF_CLOCK = 3;

/** The clock is read off a header that shows whole seconds: it is on average half a second further, ms. */
const HALF_A_STEP_MS = 500;

/** The last day is made of candles this long. */
const DAY = { timeframe: "15m", lengthMs: 86_400_000, candles: 97 } as const;

/** Every request weighs the same. */
const WEIGHT = 1;

/**
 * Puts candles on the hub's grid: days and what divides them begin at 00:00 UTC, weeks on Monday.
 * OANDA's own days begin at 17:00 in New York and its weeks on Friday. The hours of Sunday evening so
 * make a short day, and end the week before.
 */
const ALIGNMENT = { dailyAlignment: "0", alignmentTimezone: "UTC", weeklyAlignment: "Monday" };

/** What the adapter is made of. */
export interface Parts {
  readonly client: OandaClient;
  readonly calls: PaidCalls;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
}

/** {@link MarketData} of OANDA: each call is one request and one parser. */
export class OandaMarketData implements MarketData {
  readonly exchange = "oanda";
  readonly maxCandles = 5_000;
  readonly #parts: Parts;
  readonly #catalogue: InstrumentCatalogue;
  /** Pairs that are neither currency nor metal: when those trade is not known here. */
  #others: ReadonlySet<string> = new Set();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#catalogue = new InstrumentCatalogue(() => this.#loadInstruments());
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
    const { pair, timeframe, sinceMs } = request;
    const limit = Math.min(Math.max(1, Math.floor(request.limit)), this.maxCandles);
    await this.#checkListed(pair, options);
    return this.#ask(
      candleQuestion(pair, timeframe, limit, sinceMs),
      PRIORITY.candle,
      options,
      (body) => {
        const { exchangeNowMs, rows } = this.#readCandles(body, timeframe);
        // The candle that the instant lies in is sent as well.
        const wanted = rows.candles.filter(({ openTime }) => openTime >= (sinceMs ?? 0));
        return { candles: wanted, rejected: rows.rejected, exchangeNowMs };
      },
    );
  }

  async quotes(pairs: readonly string[], options: CallOptions = {}): Promise<readonly Quote[]> {
    const listed = new Set((await this.instruments(options)).map(({ pair }) => pair));
    const known = pairs.filter((pair) => listed.has(pair));
    if (known.length === 0) return [];
    return this.#ask(priceQuestion(known), PRIORITY.quote, options, (body) =>
      parseQuotes(body, known, this.#parts.clock.nowMs()),
    );
  }

  async orderBook(pair: string, levels: number, options: CallOptions = {}): Promise<OrderBook> {
    await this.#checkListed(pair, options);
    return this.#ask(priceQuestion([pair]), PRIORITY.quote, options, (body) => {
      const book = parseOrderBook(body, pair, this.#parts.clock.nowMs());
      return { ...book, bids: book.bids.slice(0, levels), asks: book.asks.slice(0, levels) };
    });
  }

  async dayStats(pair: string, options: CallOptions = {}): Promise<DayStats> {
    await this.#checkListed(pair, options);
    const since = this.exchangeNowMs() - DAY.lengthMs;
    const question = candleQuestion(pair, DAY.timeframe, DAY.candles, since);
    return this.#ask(question, PRIORITY.quote, options, (body) =>
      parseDay(body, pair, this.#parts.clock.nowMs()),
    );
  }

  isOpen(pair: string, fromMs: number, untilMs: number): boolean {
    return this.#others.has(pair) || isInTradingWeek(fromMs, untilMs);
  }

  async measureClock(options: CallOptions = {}): Promise<number> {
    const { serverClock, calls, client } = this.#parts;
    const readings: number[] = [];
    for (let i = 0; i < READINGS_OF_CLOCK; i++) {
      const reading = await calls.run(WEIGHT, PRIORITY.account, options, () =>
        // The stopwatch starts here, after the wait for the budget.
        serverClock.compare(async () =>
          timeOf(await client.get({ path: "accounts", ofAccount: false })),
        ),
      );
      readings.push(reading);
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

  /** Rows as of the latest instant that has surely passed at OANDA. */
  #readCandles(body: OandaAnswer["body"], timeframe: Timeframe) {
    const { serverClock } = this.#parts;
    const measuredMs = serverClock.nowMs();
    const rows = parseCandles(body, timeframe, measuredMs);
    const exchangeNowMs = provenNow(measuredMs, serverClock.ownNowMs(), rows.candles);
    if (exchangeNowMs === measuredMs) return { exchangeNowMs, rows };
    return { exchangeNowMs, rows: parseCandles(body, timeframe, exchangeNowMs) };
  }

  async #loadInstruments(): Promise<readonly Instrument[]> {
    const question = { path: "instruments", ofAccount: true };
    const listed = await this.#ask(question, PRIORITY.account, {}, parseInstruments);
    const others = listed.filter(({ type }) => type !== "CURRENCY" && type !== "METAL");
    this.#others = new Set(others.map(({ instrument }) => instrument.pair));
    return listed.map(({ instrument }) => instrument);
  }

  async #checkListed(pair: string, options: CallOptions): Promise<void> {
    const listed = await this.instruments(options);
    if (listed.some((instrument) => instrument.pair === pair)) return;
    throw new ExchangeFailure("oanda", "permanent", `the account has no ${pair}`);
  }

  #ask<T>(
    question: Question,
    usual: Priority,
    options: CallOptions,
    parse: (body: OandaAnswer["body"]) => T,
  ): Promise<T> {
    const { calls, client } = this.#parts;
    return calls.run(WEIGHT, usual, options, async () => parse((await client.get(question)).body));
  }
}

function candleQuestion(
  pair: string,
  timeframe: Timeframe,
  limit: number,
  sinceMs: number | undefined,
): Question {
  const range: Record<string, string> =
    sinceMs === undefined ? {} : { from: new Date(sinceMs).toISOString() };
  return {
    path: `instruments/${nameOf(pair)}/candles`,
    ofAccount: false,
    query: {
      price: "M",
      granularity: GRANULARITY[timeframe],
      count: String(limit),
      ...ALIGNMENT,
      ...range,
    },
  };
}

function priceQuestion(pairs: readonly string[]): Question {
  return {
    path: "pricing",
    ofAccount: true,
    query: { instruments: pairs.map(nameOf).join(",") },
  };
}

/** OANDA's clock, UTC ms. */
function timeOf({ headers }: OandaAnswer): number {
  const shown = Date.parse(headers["date"] ?? "");
  if (!Number.isFinite(shown)) throw new TransportError("the answer made no sense: no date");
  return shown + HALF_A_STEP_MS;
}
