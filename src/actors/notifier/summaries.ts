import type { Notification } from "../../market/notification.ts";
import { DAY_MS } from "../../market/performance/equity-curve.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { GapStore } from "../../store/port.ts";
import type { TradeStore } from "../../store/trade-port.ts";
import { summaryDay, summaryOf } from "./summary.ts";

export interface SummariesDeps {
  readonly trade: Pick<TradeStore, "riskState" | "closedTrades" | "equityDays">;
  readonly gaps: Pick<GapStore, "list">;
  readonly clock: Clock;
  /** Of the UTC day, from which on the day before is summed up. */
  readonly hour: number;
}

const MOST_GAPS = 1_000;

/** Sums each day up, once it is due. */
export class Summaries {
  readonly #deps: SummariesDeps;
  /** The last day that was summed up and written down. */
  #toldDay = Number.NEGATIVE_INFINITY;

  constructor(deps: SummariesDeps) {
    this.#deps = deps;
  }

  /** The day to be summed up next, by its start; undefined while the last one is done. */
  get due(): number | undefined {
    const day = summaryDay(this.#deps.clock.nowMs(), this.#deps.hour);
    return day > this.#toldDay ? day : undefined;
  }

  told(day: number): void {
    this.#toldDay = day;
  }

  /** The summary of a day; undefined for one on which nobody watched the account. */
  async of(day: number): Promise<Notification | undefined> {
    const { trade, gaps, clock } = this.#deps;
    const [{ account, positions }, closed, days, missing] = await Promise.all([
      trade.riskState(day),
      trade.closedTrades(day, day + DAY_MS),
      trade.equityDays(day),
      gaps.list({ state: "missing", limit: MOST_GAPS }),
    ]);
    const equity = days.find((one) => one.day === day);
    if (equity === undefined) return undefined;
    return summaryOf(day, clock.nowMs(), {
      currency: account.currency,
      equity,
      results: closed.flatMap(({ pnl }) => pnl ?? []),
      openPositions: positions.length,
      openGaps: missing.length,
    });
  }
}
