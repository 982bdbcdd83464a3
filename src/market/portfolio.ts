import { type DecimalText, decimal, text, ZERO } from "./decimal.ts";
import { openPnl, type Position } from "./position.ts";
import type { Series } from "./series.ts";

/** A named set of series that somebody follows. The union of all portfolios is the watchlist. */
export interface Portfolio {
  readonly name: string;
  readonly series: readonly Series[];
}

/** The money side of the account, as the store keeps it; quote currency. */
export interface Account {
  readonly broker: string;
  readonly currency: string;
  /** Cash, reserved money included. */
  readonly cash: DecimalText;
  /** Cash set aside for orders that are accepted and not yet done. */
  readonly reserved: DecimalText;
  readonly startingCash: DecimalText;
  /** Highest equity ever marked; drawdown is measured from here. */
  readonly peakEquity: DecimalText;
  /** Equity at the start of the UTC day that {@link dayStart} names. */
  readonly dayStartEquity: DecimalText;
  readonly dayStart: number;
}

/** The account marked to market. */
export interface Equity {
  readonly equity: DecimalText;
  readonly openPnl: DecimalText;
  readonly exposure: DecimalText;
  readonly exposureByAsset: Readonly<Record<string, DecimalText>>;
}

/** Marks open positions at last prices by pair; a position without a price counts at its cost. */
export function markToMarket(
  account: Account,
  positions: readonly Position[],
  lastPrice: (exchange: string, pair: string) => DecimalText | undefined,
): Equity {
  let exposure = ZERO;
  let pnl = ZERO;
  const byAsset: Record<string, DecimalText> = {};
  for (const position of positions) {
    const held = decimal(position.quantity);
    if (held.isZero()) continue;
    const price = lastPrice(position.exchange, position.pair);
    const atCost = decimal(position.cost).times(held).div(decimal(position.bought));
    const value = price === undefined ? atCost : held.times(decimal(price));
    const asset = position.pair.split("/")[0] ?? position.pair;
    exposure = exposure.plus(value);
    byAsset[asset] = text(
      decimal(byAsset[asset] ?? "0")
        .plus(value)
        .decimalPlaces(18),
    );
    if (price !== undefined) pnl = pnl.plus(decimal(openPnl(position, price)));
  }
  return {
    equity: text(decimal(account.cash).plus(exposure).decimalPlaces(18)),
    openPnl: text(pnl),
    exposure: text(exposure.decimalPlaces(18)),
    exposureByAsset: byAsset,
  };
}
