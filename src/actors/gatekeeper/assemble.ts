import { type Decimal, type DecimalText, decimal, text, ZERO } from "../../market/decimal.ts";
import { type Equity, markToMarket } from "../../market/portfolio.ts";
import type { Position } from "../../market/position.ts";
import { assetsOf } from "../../market/series.ts";
import type { RawSignal } from "../../market/signal.ts";
import type { Aged, ReviewInput } from "../../risk/input.ts";
import type { RiskLimits } from "../../risk/limits.ts";
import type { RiskState } from "../../store/trade-port.ts";
import type { PairFacts } from "./facts.ts";

export interface Surroundings {
  readonly facts: PairFacts;
  readonly clockSkew: Aged<number> | undefined;
  readonly nowMs: number;
  readonly portfolio: string;
  readonly limits: RiskLimits;
  readonly configuration: ReviewInput["configuration"];
  /** Marks what is held, all of it or a portfolio's. */
  readonly worth: (risk: RiskState, portfolio?: string) => Equity;
}

/**
 * Marks the account at last prices, each state of it once: many signals are judged on the same one.
 * Good for as long as no price changes, so for one round of judging.
 */
export function markOnce(
  lastPrice: (exchange: string, pair: string) => DecimalText | undefined,
): Surroundings["worth"] {
  const known = new WeakMap<RiskState, Map<string | undefined, Equity>>();
  return (risk, portfolio) => {
    const marks = known.get(risk) ?? new Map<string | undefined, Equity>();
    known.set(risk, marks);
    let equity = marks.get(portfolio);
    if (equity === undefined) {
      const isMeant = (one: Position): boolean =>
        portfolio === undefined || one.portfolio === portfolio;
      equity = markToMarket(risk.account, risk.positions.filter(isMeant), lastPrice);
      marks.set(portfolio, equity);
    }
    return equity;
  };
}

/** Puts together what the checks look at: the account as the store has it, and the market's facts. */
export function assembleInput(
  signal: RawSignal,
  risk: RiskState,
  around: Surroundings,
): ReviewInput {
  const { exchange, pair } = signal.series;
  const { base } = assetsOf(pair);
  const { account, positions, working } = risk;
  const isHere = (item: { exchange: string; pair: string }): boolean =>
    item.exchange === exchange && item.pair === pair;
  const buys = working.filter((order) => order.side === "buy");
  const equity = around.worth(risk);
  return {
    signal,
    portfolio: around.portfolio,
    nowMs: around.nowMs,
    limits: around.limits,
    configuration: around.configuration,
    halts: risk.halts,
    instrument: around.facts.instrument,
    quote: around.facts.quote,
    book: around.facts.book,
    day: around.facts.day,
    clockSkew: around.clockSkew,
    account: {
      currency: account.currency,
      freeCash: text(decimal(account.cash).minus(decimal(account.reserved))),
      equity,
      peakEquity: account.peakEquity,
      dayStartEquity: account.dayStartEquity,
    },
    position: positions.find(
      (position) => isHere(position) && !decimal(position.quantity).isZero(),
    ),
    openPositions: pairsHeldOrBought(positions, buys).size,
    workingBuys: buys.filter(isHere).length,
    workingSells: working.filter((order) => order.side === "sell" && isHere(order)).length,
    workingExposure: text(sumReserved(buys)),
    workingAssetExposure: text(sumReserved(buys.filter((o) => assetsOf(o.pair).base === base))),
    portfolioExposure: text(portfolioExposure(risk, around)),
    tradesToday: risk.tradesToday,
    lastClosedAt: risk.lastClosedAt[`${exchange}:${pair}`],
  };
}

/** A buy that is on its way will be a position: a burst of signals must not exceed the limit. */
function pairsHeldOrBought(
  positions: RiskState["positions"],
  buys: RiskState["working"],
): ReadonlySet<string> {
  const held = positions.filter((position) => !decimal(position.quantity).isZero());
  return new Set([...held, ...buys].map(({ exchange, pair }) => `${exchange}:${pair}`));
}

function sumReserved(orders: RiskState["working"]): Decimal {
  return orders.reduce((sum, order) => sum.plus(decimal(order.reservedQuote)), ZERO);
}

function portfolioExposure(risk: RiskState, around: Surroundings): Decimal {
  const working = risk.working.filter((o) => o.side === "buy" && o.portfolio === around.portfolio);
  const { exposure } = around.worth(risk, around.portfolio);
  return decimal(exposure).plus(sumReserved(working));
}
