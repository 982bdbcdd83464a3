import type { DayStats, MarketData, OrderBook, Quote } from "../../exchanges/port.ts";
import { PRIORITY } from "../../exchanges/port.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { RawSignal } from "../../market/signal.ts";
import type { Aged } from "../../risk/input.ts";
import type { Clock } from "../../runtime/clock.ts";
import { Moment } from "../../runtime/moment.ts";

/** What the market says about one pair; what could not be had is absent, and fails its checks. */
export interface PairFacts {
  readonly instrument: Instrument | undefined;
  readonly quote: Aged<Quote> | undefined;
  readonly book: Aged<OrderBook> | undefined;
  readonly day: Aged<DayStats> | undefined;
}

/** Turnover of 24 hours moves slowly; it is asked for again after this long, hub ms. */
const DAY_STATS_FRESH_MS = 60_000;
/** Signals of one close share quotes and books, hub ms. */
const QUOTE_FRESH_MS = 1_000;
/** Levels of the book that are looked at; the size of one trade must fit in them. */
const BOOK_LEVELS = 50;

interface Kept<Value> {
  readonly value: Value;
  readonly at: Moment;
}

/** Fetches what the checks need, each thing once for all signals that need it together. */
export class MarketFacts {
  readonly #market: (exchange: string) => MarketData | undefined;
  readonly #clock: Clock;
  readonly #onFailure: (what: string, error: unknown) => void;
  readonly #quotes = new Map<string, Kept<Quote>>();
  readonly #books = new Map<string, Kept<OrderBook>>();
  readonly #days = new Map<string, Kept<DayStats>>();
  readonly #instruments = new Map<string, Instrument>();

  constructor(
    market: (exchange: string) => MarketData | undefined,
    clock: Clock,
    onFailure: (what: string, error: unknown) => void,
  ) {
    this.#market = market;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Brings what the given signals need up to date. Never throws: what fails stays absent or old. */
  async refresh(signals: readonly RawSignal[]): Promise<void> {
    const byExchange = new Map<string, Set<string>>();
    for (const { series } of signals) {
      const pairs = byExchange.get(series.exchange) ?? new Set<string>();
      byExchange.set(series.exchange, pairs.add(series.pair));
    }
    await Promise.all(
      [...byExchange].map(([exchange, pairs]) => this.#refreshExchange(exchange, [...pairs])),
    );
  }

  /** What is known of a pair now, with its age. */
  of(exchange: string, pair: string): PairFacts {
    const key = `${exchange}:${pair}`;
    return {
      instrument: this.#instruments.get(key),
      quote: this.#aged(this.#quotes.get(key)),
      book: this.#aged(this.#books.get(key)),
      day: this.#aged(this.#days.get(key)),
    };
  }

  /** Exchange time minus hub time, ms; undefined until it was measured. */
  clockSkew(exchange: string): Aged<number> | undefined {
    const measured = this.#market(exchange)?.clockOffset();
    return measured && { value: measured.offsetMs, ageMs: measured.ageMs };
  }

  exchangeNowMs(exchange: string): number {
    return this.#market(exchange)?.exchangeNowMs() ?? this.#clock.nowMs();
  }

  async #refreshExchange(exchange: string, pairs: readonly string[]): Promise<void> {
    const market = this.#market(exchange);
    if (market === undefined) return;
    const stale = (kept: Map<string, Kept<unknown>>, freshMs: number): string[] =>
      pairs.filter((pair) => {
        const at = kept.get(`${exchange}:${pair}`)?.at;
        return at === undefined || at.ageMs > freshMs;
      });
    const work: Promise<void>[] = [this.#readInstruments(market)];
    const quotes = stale(this.#quotes, QUOTE_FRESH_MS);
    if (quotes.length > 0) work.push(this.#readQuotes(market, quotes));
    for (const pair of stale(this.#books, QUOTE_FRESH_MS)) work.push(this.#readBook(market, pair));
    for (const pair of stale(this.#days, DAY_STATS_FRESH_MS))
      work.push(this.#readDay(market, pair));
    await Promise.all(work);
  }

  async #readInstruments(market: MarketData): Promise<void> {
    await this.#attempt("instruments", async () => {
      for (const instrument of await market.instruments({ priority: PRIORITY.quote })) {
        this.#instruments.set(`${market.exchange}:${instrument.pair}`, instrument);
      }
    });
  }

  async #readQuotes(market: MarketData, pairs: readonly string[]): Promise<void> {
    await this.#attempt("quotes", async () => {
      for (const quote of await market.quotes(pairs, { priority: PRIORITY.quote })) {
        this.#quotes.set(`${market.exchange}:${quote.pair}`, {
          value: quote,
          at: new Moment(this.#clock),
        });
      }
    });
  }

  async #readBook(market: MarketData, pair: string): Promise<void> {
    await this.#attempt(`book of ${pair}`, async () => {
      const value = await market.orderBook(pair, BOOK_LEVELS, { priority: PRIORITY.quote });
      this.#books.set(`${market.exchange}:${pair}`, { value, at: new Moment(this.#clock) });
    });
  }

  async #readDay(market: MarketData, pair: string): Promise<void> {
    await this.#attempt(`24 h figures of ${pair}`, async () => {
      const value = await market.dayStats(pair, { priority: PRIORITY.quote });
      this.#days.set(`${market.exchange}:${pair}`, { value, at: new Moment(this.#clock) });
    });
  }

  async #attempt(what: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.#onFailure(what, error);
    }
  }

  #aged<Value>(kept: Kept<Value> | undefined): Aged<Value> | undefined {
    return kept && { value: kept.value, ageMs: kept.at.ageMs };
  }
}
