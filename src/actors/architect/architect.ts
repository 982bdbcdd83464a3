import type { Portfolio } from "../../market/portfolio.ts";
import { type Series, type SeriesKey, seriesKey } from "../../market/series.ts";
import { timeframeMs } from "../../market/timeframe.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { BatchHandlers } from "../../runtime/protocol.ts";
import type { ActorContext, LocalSpec } from "../../runtime/spec.ts";
import type { StoreGate } from "../../store/gate.ts";
import type { Gap, KnownSeries, Store } from "../../store/port.ts";
import { Announcer, type AnnouncerDeps, gapEvent } from "./announcer.ts";
import { partGaps } from "./filled-gaps.ts";
import type { Janitor } from "./janitor.ts";
import { PartitionPlan } from "./partition-plan.ts";
import type {
  ArchitectProtocol,
  CandleBatch,
  GapReport,
  History,
  HistoryRequest,
  SaveAnswer,
  SeriesChange,
  StoredSeries,
} from "./protocol.ts";
import { saveBatches } from "./save-batches.ts";
import { Wakes } from "./wakes.ts";

export interface ArchitectDeps extends AnnouncerDeps {
  readonly store: Store;
  /** The hub's clock: what is written down. */
  readonly clock: Clock;
  /** The machine's clock: what latency is measured on. */
  readonly machineClock: Clock;
  readonly gate: StoreGate;
  /** Works beside the mailbox, for as long as the architect runs. */
  readonly janitor: Pick<Janitor, "run">;
}

type Batched = "saveCandles" | "saveHistory" | "noteGaps" | "evaluated" | "history";

/**
 * Owns the database: what arrives is stored first, and only then does anybody hear of it.
 *
 * Keeps nothing that the store cannot give back. While it is down nothing is stored and nobody is
 * woken; while the database is away its mailbox holds what comes.
 */
export class Architect implements BatchHandlers<ArchitectProtocol, Batched> {
  readonly #deps: ArchitectDeps;
  readonly #context: ActorContext<ArchitectProtocol>;
  readonly #wakes = new Wakes();
  readonly #partitions = new PartitionPlan();
  readonly #announcer: Announcer;

  constructor(deps: ArchitectDeps, context: ActorContext<ArchitectProtocol>) {
    this.#deps = deps;
    this.#context = context;
    this.#announcer = new Announcer(deps, this.#wakes);
  }

  async start(): Promise<void> {
    const active = await this.#active();
    for (const series of active) {
      this.#wakes.learn(series.id, series.newestOpenTime, series.evaluatedTo);
    }
    await this.#makeMonthsAhead(active);
    void this.#deps.janitor.run(this.#context.signal);
  }

  async saveCandles(batches: readonly CandleBatch[]): Promise<readonly SaveAnswer[]> {
    await this.#makeMonthsAhead(batches.map(({ series }) => series));
    const { candles } = this.#deps.store;
    const answers = await this.#run(() => saveBatches(candles, batches));
    const now = this.#deps.clock.nowMs();
    batches.forEach((batch, i) => {
      this.#announcer.saved(batch, answers[i] ?? { added: [], revised: [] }, now);
    });
    return answers;
  }

  saveHistory(batches: readonly CandleBatch[]): Promise<readonly SaveAnswer[]> {
    return this.saveCandles(batches);
  }

  async noteGaps(told: readonly (readonly GapReport[])[]): Promise<readonly void[]> {
    const reports = told.flat();
    const at = this.#deps.clock.nowMs();
    const notes = reports.map(({ seriesId, openTime, state, reason, attempts }) => ({
      seriesId,
      openTime,
      state,
      reason,
      attempts,
      at,
    }));
    const changed = await this.#run(() => this.#deps.store.gaps.note(notes));
    const isNews = new Set(changed.map((note) => `${note.seriesId}@${note.openTime}`));
    const touched = new Map<SeriesKey, Series>();
    for (const report of reports) {
      if (!isNews.has(`${report.seriesId}@${report.openTime}`)) continue;
      this.#deps.publish(gapEvent(report));
      touched.set(seriesKey(report.series), report.series);
    }
    for (const series of touched.values()) {
      this.#deps.analyst(series)?.tell("reload", { reason: "a gap changed" });
    }
    return told.map(() => undefined);
  }

  history(requests: readonly HistoryRequest[]): Promise<readonly History[]> {
    return Promise.all(requests.map((request) => this.#history(request)));
  }

  async evaluated(
    marks: readonly { seriesId: number; openTime: number }[],
  ): Promise<readonly void[]> {
    const news = marks.filter((mark) => this.#wakes.done(mark.seriesId, mark.openTime));
    if (news.length > 0) await this.#run(() => this.#deps.store.watch.markEvaluated(news));
    return marks.map(() => undefined);
  }

  watched(): Promise<readonly StoredSeries[]> {
    return this.#active();
  }

  watchRevision(): Promise<string> {
    return this.#run(() => this.#deps.store.watch.revision());
  }

  async takeUp({ exchange }: { readonly exchange: string }): Promise<readonly StoredSeries[]> {
    const found = (await this.#active()).filter((series) => series.exchange === exchange);
    for (const { id, newestOpenTime, evaluatedTo } of found) {
      this.#wakes.forget(id);
      this.#wakes.learn(id, newestOpenTime, evaluatedTo);
    }
    return found;
  }

  async addSeries(
    change: SeriesChange & { readonly portfolio: string },
  ): Promise<{ readonly series: StoredSeries; readonly added: boolean }> {
    const at = this.#deps.clock.nowMs();
    const { watch } = this.#deps.store;
    const answer = await this.#run(() => watch.add(change.portfolio, change.series, change.by, at));
    const { id, newestOpenTime, evaluatedTo } = answer.series;
    this.#wakes.learn(id, newestOpenTime, evaluatedTo);
    if (answer.added) this.#deps.publish({ kind: "series-added", series: change.series });
    return answer;
  }

  async removeSeries(change: SeriesChange): Promise<boolean> {
    const at = this.#deps.clock.nowMs();
    const removed = await this.#run(() =>
      this.#deps.store.watch.remove(change.series, change.by, at),
    );
    if (removed) this.#deps.publish({ kind: "series-removed", series: change.series });
    return removed;
  }

  portfolios(): Promise<readonly Portfolio[]> {
    return this.#run(() => this.#deps.store.watch.portfolios());
  }

  async savePortfolio(change: {
    readonly portfolio: Portfolio;
    readonly by: string;
  }): Promise<void> {
    const at = this.#deps.clock.nowMs();
    await this.#run(() => this.#deps.store.watch.savePortfolio(change.portfolio, change.by, at));
    this.#deps.publish({ kind: "portfolio-saved", portfolio: change.portfolio.name });
  }

  firstUse(): Promise<boolean> {
    return this.#run(() => this.#deps.store.watch.firstUse());
  }

  #active(): Promise<readonly KnownSeries[]> {
    return this.#run(() => this.#deps.store.watch.active());
  }

  async #history({ series, seriesId, limit, takesOwed }: HistoryRequest): Promise<History> {
    const { candles: store, gaps } = this.#deps.store;
    const known = { ...series, id: seriesId, newestOpenTime: null, evaluatedTo: null };
    const candles = await this.#run(() => store.last(known, limit));
    const first = candles[0]?.openTime;
    const newest = candles.at(-1)?.openTime;
    if (first === undefined || newest === undefined)
      return { candles, missing: [], empty: [], owed: null };
    // A candle that is overdue right now lies behind the newest stored one.
    const until = newest + timeframeMs(series.timeframe);
    const noted = (...states: readonly Gap["state"][]): Promise<readonly number[]> =>
      this.#run(() => gaps.openTimes(seriesId, first, until, states));
    const [open, venueLacks] = await Promise.all([noted("pending", "missing"), noted("empty")]);
    const gapsNow = { open, empty: venueLacks };
    const { missing, empty, filled } = partGaps({ series, seriesId }, candles, gapsNow);
    if (filled.length > 0) await this.noteGaps([filled]);
    if (!takesOwed) return { candles, missing, empty, owed: null };
    const now = this.#deps.clock.nowMs();
    const owed = this.#wakes.owed(seriesId, series.timeframe, now, this.#deps.machineClock.nowMs());
    return { candles, missing, empty, owed };
  }

  /** Makes the coming months of the timeframes in use. */
  async #makeMonthsAhead(series: readonly Series[]): Promise<void> {
    const { store, clock } = this.#deps;
    for (const timeframe of new Set(series.map((one) => one.timeframe))) {
      const range = this.#partitions.due(timeframe, clock.nowMs());
      if (range === undefined) continue;
      const { fromMs, toMs } = range;
      await this.#run(() => store.candles.ensurePartitions(timeframe, fromMs, toMs));
      this.#partitions.made(timeframe, range);
    }
  }

  #run<T>(call: () => Promise<T>): Promise<T> {
    return this.#deps.gate.run(this.#context.signal, call);
  }
}

/** How the system starts the architect. */
export function architectSpec(deps: ArchitectDeps): LocalSpec<ArchitectProtocol> {
  return {
    id: "architect",
    topics: {
      saveCandles: true,
      saveHistory: true,
      noteGaps: true,
      history: true,
      evaluated: true,
      watched: true,
      watchRevision: true,
      takeUp: true,
      addSeries: true,
      removeSeries: true,
      portfolios: true,
      savePortfolio: true,
      firstUse: true,
    },
    // Everything that closes together is written together. A page of history is a thousand rows.
    batches: { saveCandles: 1_000, saveHistory: 2, noteGaps: 1_000, evaluated: 5_000, history: 8 },
    // A thousand series that begin to be followed delay no candle that closes meanwhile.
    patient: { saveHistory: true, history: true },
    // Neither changes anything that a save looks at: candles need not wait for them.
    concurrent: { evaluated: true, watchRevision: true },
    create: (context) => new Architect(deps, context),
    // While the database is away, what was asked of it waits here: one save and a few gap notes a series.
    mailbox: { capacity: 20_000, overflow: "reject" },
    startTimeoutMs: 60_000,
  };
}
