import type { Candle } from "../../src/market/candle.ts";
import { sameCandle } from "../../src/market/candle.ts";
import type { Portfolio } from "../../src/market/portfolio.ts";
import { type Series, seriesKey } from "../../src/market/series.ts";
import type { Timeframe } from "../../src/market/timeframe.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import type {
  CandleRow,
  CandleStore,
  GapNote,
  GapStore,
  Json,
  KnownSeries,
  PriceQuote,
  PulseStore,
  Store,
  WatchStore,
} from "../../src/store/port.ts";
import type { RunStore } from "../../src/store/run-port.ts";
import { FakeTokenStore } from "./fake-tokens.ts";
import { FakeTradeStore } from "./fake-trade-store.ts";

const HOUR_MS = 3_600_000;

/** A database in memory, for what the actors do with it. What nobody there calls is missing. */
export class FakeStore {
  /** How many of the next calls do not reach the database. */
  offlineCalls = 0;
  /** What the next call is refused for. */
  refuseNext: string | undefined;
  readonly partitions: (readonly [Timeframe, number, number])[] = [];
  readonly upserts: (readonly CandleRow[])[] = [];
  readonly notes = new Map<string, GapNote>();
  readonly evaluated = new Map<number, number>();
  readonly audits: { at: number; who: string; what: string; detail: Json }[] = [];
  readonly snapshots: { readonly [key: string]: Json }[] = [];
  readonly pings: string[] = [];
  /** Instants of the signs of life of a run. */
  readonly signs: number[] = [];
  readonly prices: (readonly PriceQuote[])[] = [];
  readonly trade = new FakeTradeStore();
  readonly tokens = new FakeTokenStore();
  readonly #candles = new Map<number, Map<number, Candle>>();
  /** When the answer that a candle is from was in hand, by series and open time, UTC ms. */
  readonly #fetchedAt = new Map<string, number>();
  readonly #portfolios = new Map<string, Series[]>();
  readonly #ids = new Map<string, number>();
  #used = false;

  readonly candles = {
    upsert: async (_timeframe, rows) => {
      await this.#reach();
      this.upserts.push(rows);
      const added: number[] = [];
      const revised: number[] = [];
      const last = new Map(rows.map((row, i) => [`${row.seriesId}@${row.openTime}`, i]));
      for (const i of [...last.values()].toSorted((a, b) => a - b)) {
        const row = rows[i] as CandleRow;
        const { openTime, open, high, low, close, volume } = row;
        const candle = { openTime, open, high, low, close, volume };
        const stored = this.#of(row.seriesId);
        const before = stored.get(openTime);
        if (before !== undefined && sameCandle(before, candle)) continue;
        const key = `${row.seriesId}@${openTime}`;
        const lateMs = (this.#fetchedAt.get(key) ?? row.fetchedAt) - row.fetchedAt;
        if (lateMs > 0 && lateMs <= HOUR_MS) continue;
        this.#fetchedAt.set(key, row.fetchedAt);
        (before === undefined ? added : revised).push(i);
        stored.set(openTime, candle);
      }
      return { added, revised };
    },
    last: async ({ id }, limit, untilMs = Number.POSITIVE_INFINITY) => {
      await this.#reach();
      return this.stored(id)
        .filter((candle) => candle.openTime <= untilMs)
        .slice(-limit);
    },
    ensurePartitions: async (timeframe, fromMs, toMs) => {
      await this.#reach();
      this.partitions.push([timeframe, fromMs, toMs]);
    },
  } satisfies Partial<CandleStore>;

  readonly gaps = {
    note: async (notes) => {
      await this.#reach();
      const rank = { pending: 0, missing: 1, empty: 2, healed: 3 };
      return notes.filter((note) => {
        const key = `${note.seriesId}@${note.openTime}`;
        const before = this.notes.get(key);
        const isHealed = note.state === "healed";
        if (isHealed ? before === undefined : this.#of(note.seriesId).has(note.openTime))
          return false;
        const isHigher = before === undefined || rank[note.state] > rank[before.state];
        const isAgain = before?.state === note.state && note.attempts > before.attempts;
        if (isHigher || isAgain) this.notes.set(key, note);
        return isHigher || isAgain;
      });
    },
    openTimes: async (seriesId, fromMs, toMs, states) => {
      await this.#reach();
      return [...this.notes.values()]
        .filter((note) => note.seriesId === seriesId && states.includes(note.state))
        .map((note) => note.openTime)
        .filter((at) => at >= fromMs && at <= toMs)
        .toSorted((a, b) => a - b);
    },
  } satisfies Partial<GapStore>;

  readonly watch = {
    revision: async () => {
      await this.#reach();
      return JSON.stringify([...this.#portfolios]);
    },
    active: async () => {
      await this.#reach();
      const union = new Map([...this.#portfolios.values()].flat().map((s) => [seriesKey(s), s]));
      return [...union.values()].map((series) => this.#known(series));
    },
    add: async (portfolio, series, _by, _at) => {
      await this.#reach();
      const list = this.#portfolios.get(portfolio) ?? [];
      const added = list.every((one) => seriesKey(one) !== seriesKey(series));
      if (added) list.push(series);
      this.#portfolios.set(portfolio, list);
      return { series: this.#known(series), added };
    },
    remove: async (series, _by, _at) => {
      await this.#reach();
      const without = (list: Series[]) => list.filter((s) => seriesKey(s) !== seriesKey(series));
      const before = [...this.#portfolios.values()].flat().length;
      for (const [name, list] of this.#portfolios) this.#portfolios.set(name, without(list));
      return [...this.#portfolios.values()].flat().length < before;
    },
    portfolios: async () => {
      await this.#reach();
      return [...this.#portfolios].map(([name, series]) => ({ name, series }));
    },
    savePortfolio: async ({ name, series }: Portfolio, _by, _at) => {
      await this.#reach();
      this.#portfolios.set(name, [...series]);
    },
    firstUse: async () => {
      await this.#reach();
      const isFirst = !this.#used;
      this.#used = true;
      return isFirst;
    },
    markEvaluated: async (marks) => {
      await this.#reach();
      for (const { seriesId, openTime } of marks) {
        this.evaluated.set(seriesId, Math.max(openTime, this.evaluated.get(seriesId) ?? 0));
      }
    },
  } satisfies Partial<WatchStore>;

  readonly pulse = {
    audit: async (entry) => {
      await this.#reach();
      this.audits.push(entry);
    },
    saveSnapshot: async (snapshot) => {
      await this.#reach();
      this.snapshots.push(snapshot);
    },
    ping: async (_instance, status) => {
      await this.#reach();
      this.pings.push(status);
    },
    savePrices: async (quotes) => {
      await this.#reach();
      this.prices.push(quotes);
      return quotes.length;
    },
  } satisfies Partial<PulseStore>;

  readonly runs = {
    keep: async (_id, at) => {
      await this.#reach();
      this.signs.push(at);
    },
  } satisfies Partial<RunStore>;

  constructor() {
    this.tokens.reach = () => this.#reach();
  }

  /** The candles of a series, oldest first. */
  stored(seriesId: number): Candle[] {
    return [...this.#of(seriesId).values()].toSorted((a, b) => a.openTime - b.openTime);
  }

  /** Puts candles there without anybody hearing of it. */
  put(seriesId: number, candles: readonly Candle[]): void {
    for (const candle of candles) this.#of(seriesId).set(candle.openTime, candle);
  }

  /** State of the gap of a candle. */
  gap(seriesId: number, openTime: number): string | undefined {
    return this.notes.get(`${seriesId}@${openTime}`)?.state;
  }

  /** As the actors know it. */
  get store(): Store {
    return this as unknown as Store;
  }

  #of(seriesId: number): Map<number, Candle> {
    const stored = this.#candles.get(seriesId) ?? new Map<number, Candle>();
    this.#candles.set(seriesId, stored);
    return stored;
  }

  #known(series: Series): KnownSeries {
    const key = seriesKey(series);
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    const newestOpenTime = this.stored(id).at(-1)?.openTime ?? null;
    return { ...series, id, newestOpenTime, evaluatedTo: this.evaluated.get(id) ?? null };
  }

  async #reach(): Promise<void> {
    await Promise.resolve();
    if (this.offlineCalls > 0) {
      this.offlineCalls -= 1;
      throw new StoreFailure("offline", "ECONNREFUSED", "the database is away");
    }
    const { refuseNext } = this;
    this.refuseNext = undefined;
    if (refuseNext !== undefined) throw new StoreFailure("refused", refuseNext, refuseNext);
  }
}
