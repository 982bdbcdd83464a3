import type { HubEvent } from "../market/events.ts";
import type { Halt } from "../market/halt.ts";
import type { OrderRequest } from "../market/order.ts";
import type { ClosedTrade } from "../market/performance/closed-trade.ts";
import type { EquityDay } from "../market/performance/equity-curve.ts";
import type { Account } from "../market/portfolio.ts";
import type { Position } from "../market/position.ts";
import { closeTimeOf } from "../market/timeframe.ts";
import type { Clock } from "../runtime/clock.ts";
import { withLimit } from "../runtime/limit.ts";
import { StoreFailure } from "../store/errors.ts";
import type { StoreGate } from "../store/gate.ts";
import type { Gap, KnownSeries, Store } from "../store/port.ts";
import type { TradeRow } from "../store/trade-port.ts";
import { type ChartDay, chartSeries, dayOf, windowMs } from "./chart-day.ts";
import { closedTradeOf } from "./closed-trade-of.ts";
import type { EventSource } from "./event-source.ts";
import type { LastPrices } from "./prices.ts";

export interface ViewDeps {
  readonly store: Store;
  readonly events: EventSource;
  /** What the actors wait at for the database. */
  readonly gate: Pick<StoreGate, "reason">;
  /** The hub's clock. */
  readonly clock: Clock;
  readonly machineClock: Clock;
}

const DAY_MS = 86_400_000;
const LIMIT_MS = 4_000;
/** Lists that change seldom are read again after this time even when no event says so. */
const SELDOM_MS = 30_000;
const MOST_TRADES = 1_000;
const MOST_GAPS = 200;

/** What the store said last. */
export interface Facts {
  readonly account: Account | null;
  readonly positions: readonly Position[];
  /** Orders that have not ended, those that wait in the queue included. */
  readonly working: readonly OrderRequest[];
  /** What is held back, oldest first. */
  readonly halts: readonly Halt[];
  readonly watched: readonly KnownSeries[];
  /** Newest first. */
  readonly trades: readonly TradeRow[];
  readonly totalTrades: number;
  /** All that ever closed, oldest first. */
  readonly closed: readonly ClosedTrade[];
  /** What the account was worth, oldest first. */
  readonly equityDays: readonly EquityDay[];
  readonly gaps: readonly Gap[];
  readonly chart: ChartDay | null;
}

const NOTHING: Facts = {
  account: null,
  positions: [],
  working: [],
  halts: [],
  watched: [],
  trades: [],
  totalTrades: 0,
  closed: [],
  equityDays: [],
  gaps: [],
  chart: null,
};

/** Events after which the picture is out of date; candles are not among them, there are too many. */
export const CHANGES: ReadonlySet<HubEvent["kind"]> = new Set<HubEvent["kind"]>([
  "order-changed",
  "order-filled",
  "position-closed",
  "trading-halted",
  "trading-resumed",
  "series-added",
  "series-removed",
  "gap-opened",
  "gap-healed",
  "portfolio-saved",
  "watchlist-changed",
  "store-changed",
]);

/** Reads the store into memory: the small figures each time, long lists only when they changed. */
export class ViewReader {
  readonly #deps: ViewDeps;
  readonly #prices: LastPrices;
  #facts = NOTHING;
  #isListStale = true;
  #listsReadAt = 0;

  constructor(deps: ViewDeps, prices: LastPrices) {
    this.#deps = deps;
    this.#prices = prices;
  }

  get facts(): Facts {
    return this.#facts;
  }

  note(event: HubEvent): void {
    if (CHANGES.has(event.kind)) this.#isListStale = true;
  }

  /** @throws when any part cannot be read; what was known stays as it is then. */
  async read(): Promise<void> {
    const { machineClock } = this.#deps;
    await withLimit(machineClock, LIMIT_MS, "reading the picture", this.#readAll());
  }

  async #readAll(): Promise<void> {
    const { trade, watch } = this.#deps.store;
    const isListDue =
      this.#isListStale || this.#deps.machineClock.monotonicMs() - this.#listsReadAt > SELDOM_MS;
    this.#isListStale = false;
    const dayStart = Math.floor(this.#deps.clock.nowMs() / DAY_MS) * DAY_MS;
    try {
      // Cash and positions of one instant: read apart, what was just sold would count twice.
      const [risk, watched, lists] = await Promise.all([
        trade.riskState(dayStart).catch(noneYet),
        watch.active(),
        isListDue ? this.#readLists() : {},
      ]);
      const account = risk?.account ?? null;
      const { positions = [], working = [], halts = [] } = risk ?? {};
      const chart = await this.#readChart(watched, positions[0]);
      await this.#priceHeld(positions, watched);
      const held = { account, positions, working, halts };
      this.#facts = { ...this.#facts, ...lists, ...held, watched, chart };
      if (isListDue) this.#listsReadAt = this.#deps.machineClock.monotonicMs();
    } catch (error) {
      this.#isListStale ||= isListDue;
      throw error;
    }
  }

  async #readLists(): Promise<
    Pick<Facts, "trades" | "totalTrades" | "closed" | "equityDays" | "gaps">
  > {
    const { trade, gaps } = this.#deps.store;
    const [page, closed, equityDays, pending, missing] = await Promise.all([
      trade.trades({ limit: MOST_TRADES, offset: 0 }),
      this.#readClosed(),
      this.#readEquity(),
      gaps.list({ state: "pending", limit: MOST_GAPS }),
      gaps.list({ state: "missing", limit: MOST_GAPS }),
    ]);
    const newest = [...page.trades].sort((a, b) => b.openedAt - a.openedAt);
    const found = [...pending, ...missing];
    return { trades: newest, totalTrades: page.total, closed, equityDays, gaps: found };
  }

  /** Reads only what closed since the last reading, since years of trades are long. */
  async #readClosed(): Promise<readonly ClosedTrade[]> {
    const known = this.#facts.closed;
    // The venue's clock stamps the end of a trade, which may be ahead of the hub's or be told late.
    const until = this.#deps.clock.nowMs() + DAY_MS;
    const from = (known.at(-1)?.closedAt ?? DAY_MS) - DAY_MS;
    const rows = await this.#deps.store.trade.closedTrades(from, until);
    const fresh = rows.flatMap((row) => closedTradeOf(row) ?? []);
    if (fresh.length === 0) return known;
    const freshIds = new Set(fresh.map(({ id }) => id));
    return [...known.filter(({ id }) => !freshIds.has(id)), ...fresh];
  }

  /** Reads only the days that may have changed: the last one known, and those behind it. */
  async #readEquity(): Promise<readonly EquityDay[]> {
    const known = this.#facts.equityDays;
    const fresh = await this.#deps.store.trade.equityDays(known.at(-1)?.day ?? 0);
    const first = fresh[0]?.day ?? Number.POSITIVE_INFINITY;
    return [...known.filter(({ day }) => day < first), ...fresh];
  }

  async #readChart(
    watched: readonly KnownSeries[],
    held: Position | undefined,
  ): Promise<ChartDay | null> {
    const series = chartSeries(watched, held);
    if (series === undefined) return null;
    const now = this.#deps.clock.nowMs();
    const { exchange, pair, timeframe } = series;
    const bare = { exchange, pair, timeframe };
    const from = now - windowMs(timeframe);
    const candles = await this.#deps.store.candles.range(bare, from, now + DAY_MS, 3_000);
    return dayOf(bare, candles);
  }

  /**
   * A held pair's price is in the store alone before the first candle after a start, and for as long
   * as another hub polls it: no event tells of those candles here.
   */
  async #priceHeld(positions: readonly Position[], watched: readonly KnownSeries[]): Promise<void> {
    for (const { exchange, pair } of positions) {
      const own = watched.filter((one) => one.exchange === exchange && one.pair === pair);
      const series = own.toSorted((a, b) => closeOfNewest(b) - closeOfNewest(a))[0];
      if (series === undefined || this.#prices.isUpTo(series, closeOfNewest(series))) continue;
      const [last] = await this.#deps.store.candles.last(series, 1);
      if (last === undefined) continue;
      this.#prices.set(series, last.close, closeTimeOf(series.timeframe, last.openTime));
    }
  }
}

/** When the newest stored candle of a series closed; never, for one without candles. */
function closeOfNewest({ timeframe, newestOpenTime }: KnownSeries): number {
  return newestOpenTime === null
    ? Number.NEGATIVE_INFINITY
    : closeTimeOf(timeframe, newestOpenTime);
}

/** Before the account is opened there is none; that is not a failure. */
function noneYet(error: unknown): null {
  if (error instanceof StoreFailure && error.reason === "no-account") return null;
  throw error;
}
