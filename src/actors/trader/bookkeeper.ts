import type { Quote } from "../../exchanges/port.ts";
import { decimal, text } from "../../market/decimal.ts";
import { markToMarket } from "../../market/portfolio.ts";
import type { Position } from "../../market/position.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { PulseStore } from "../../store/port.ts";
import type { TradeStore } from "../../store/trade-port.ts";

export interface BookkeeperDeps {
  readonly trade: TradeStore;
  readonly pulse: PulseStore;
  readonly clock: Clock;
  readonly machineClock: Clock;
  /** Cadence of the account picture, ms. */
  readonly everyMs: number;
  readonly instanceId: string;
}

const DAY_MS = 86_400_000;
/** However fast the hub's clock runs, the database is written to no more often, machine ms. */
const LEAST_MACHINE_MS = 1_000;

/** Marks the account to market and writes the picture of it that dashboards read. */
export class Bookkeeper {
  readonly #deps: BookkeeperDeps;
  #keptAt: number | undefined;
  #machineKeptAt = Number.NEGATIVE_INFINITY;

  constructor(deps: BookkeeperDeps) {
    this.#deps = deps;
  }

  /** Writes the picture when it is due. Does nothing otherwise. */
  async keep(positions: readonly Position[], quotes: ReadonlyMap<string, Quote>): Promise<void> {
    const { clock, machineClock, everyMs } = this.#deps;
    const now = clock.nowMs();
    const soon = this.#keptAt !== undefined && now - this.#keptAt < everyMs;
    if (soon || machineClock.monotonicMs() - this.#machineKeptAt < LEAST_MACHINE_MS) return;
    // An account with unpriced positions would be marked too high or too low: wait for the prices.
    const priced = positions.every((p) => quotes.has(`${p.exchange}:${p.pair}`));
    if (positions.length > 0 && !priced) return;
    await this.#write(positions, quotes, now);
    this.#keptAt = now;
    this.#machineKeptAt = machineClock.monotonicMs();
  }

  async #write(
    positions: readonly Position[],
    quotes: ReadonlyMap<string, Quote>,
    now: number,
  ): Promise<void> {
    const { trade, pulse, instanceId } = this.#deps;
    const account = await trade.account();
    const marked = markToMarket(account, positions, (e, pair) => quotes.get(`${e}:${pair}`)?.bid);
    await trade.mark(marked.equity, now);
    const risk = await trade.riskState(Math.floor(now / DAY_MS) * DAY_MS);
    const dayStart = decimal(risk.account.dayStartEquity);
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
          peak_equity: risk.account.peakEquity,
        },
        system_status: "RUNNING",
        state_machine_state: risk.halted === null ? "ACTIVE" : "HALTED",
        kill_switch_active: risk.halted !== null,
        trades_today: risk.tradesToday,
        pnl_today: text(decimal(marked.equity).minus(dayStart)),
      },
      now,
    );
    await pulse.ping(instanceId, "healthy", now);
  }
}
