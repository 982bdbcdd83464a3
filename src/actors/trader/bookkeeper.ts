import type { Quote } from "../../exchanges/port.ts";
import { decimal, text } from "../../market/decimal.ts";
import { globalHalt } from "../../market/halt.ts";
import { markToMarket } from "../../market/portfolio.ts";
import type { Position } from "../../market/position.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { PulseStore } from "../../store/port.ts";
import type { RunStore } from "../../store/run-port.ts";
import type { RiskState, TradeStore } from "../../store/trade-port.ts";
import type { PriceOf } from "./held-prices.ts";
import { Pace } from "./pace.ts";

export interface BookkeeperDeps {
  readonly trade: TradeStore;
  readonly pulse: PulseStore;
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly machineClock: Clock;
  /** Cadence of all that it writes, ms. */
  readonly everyMs: number;
  /** Id of this start of the hub. */
  readonly runId: string;
}

const DAY_MS = 86_400_000;

/**
 * Notes at its cadence that the hub runs, how its strategies do and what prices are; marks the
 * account to market, and writes the picture of it that dashboards read.
 */
export class Bookkeeper {
  readonly #deps: BookkeeperDeps;
  readonly #notes: Pace;
  readonly #picture: Pace;

  constructor(deps: BookkeeperDeps) {
    const { clock, machineClock, everyMs } = deps;
    this.#deps = deps;
    this.#notes = new Pace(clock, machineClock, everyMs);
    this.#picture = new Pace(clock, machineClock, everyMs);
  }

  /**
   * Writes what is due. Does nothing otherwise.
   * @param positions what was held when the quotes were asked for; some of it may be sold by now.
   * @param priceOf what was held then, a quote or not.
   */
  async keep(
    positions: readonly Position[],
    quotes: ReadonlyMap<string, Quote>,
    priceOf: PriceOf,
  ): Promise<void> {
    await this.#keepNotes(positions, quotes);
    const now = this.#picture.due();
    if (now === undefined) return;
    // Cash and positions of one instant: what was sold between two readings would count twice, and
    // the peak that rises by it would never fall again.
    const risk = await this.#deps.trade.riskState(Math.floor(now / DAY_MS) * DAY_MS);
    // An account with unpriced positions would be marked too high or too low: wait for the prices.
    if (!risk.positions.every((p) => priceOf(p.exchange, p.pair) !== undefined)) return;
    await this.#paint(risk, priceOf, now);
    this.#picture.done(now);
  }

  async #keepNotes(
    positions: readonly Position[],
    quotes: ReadonlyMap<string, Quote>,
  ): Promise<void> {
    const now = this.#notes.due();
    if (now === undefined) return;
    const { runs, pulse, runId } = this.#deps;
    await runs.keep(runId, now);
    const prices = positions.flatMap(({ exchange, pair }) => {
      const quote = quotes.get(`${exchange}:${pair}`);
      return quote === undefined
        ? []
        : [{ exchange, pair, bid: quote.bid, ask: quote.ask, at: quote.at }];
    });
    await pulse.savePrices(prices);
    this.#notes.done(now);
  }

  async #paint(
    { account, positions, halts, tradesToday }: RiskState,
    priceOf: PriceOf,
    now: number,
  ): Promise<void> {
    const { trade, pulse, runId } = this.#deps;
    const isHalted = globalHalt(halts) !== undefined;
    const marked = markToMarket(account, positions, priceOf);
    await trade.mark(marked.equity, now);
    // The mark may have raised the peak and begun a day.
    const { peakEquity, dayStartEquity } = await trade.account();
    await pulse.saveSnapshot(
      {
        account_balance: account.cash,
        open_pnl: marked.openPnl,
        open_positions: positions.map((p) => ({
          symbol: p.pair,
          side: "buy",
          quantity: p.quantity,
        })),
        risk_metrics: {
          equity: marked.equity,
          exposure: marked.exposure,
          peak_equity: peakEquity,
        },
        system_status: "RUNNING",
        state_machine_state: isHalted ? "HALTED" : "ACTIVE",
        kill_switch_active: isHalted,
        trades_today: tradesToday,
        pnl_today: text(decimal(marked.equity).minus(decimal(dayStartEquity))),
      },
      now,
    );
    await pulse.ping(runId, "healthy", now);
  }
}
