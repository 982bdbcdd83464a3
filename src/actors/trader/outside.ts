import { ExchangeFailure } from "../../exchanges/errors.ts";
import {
  type Broker,
  type MarketData,
  type OrderOutcome,
  PRIORITY,
  type Quote,
} from "../../exchanges/port.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { OrderRequest } from "../../market/order.ts";
import type { Position } from "../../market/position.ts";

/** Opens an exchange unless it is open: who trades need not be who polls it. */
export type Markets = (exchange: string) => Promise<MarketData | undefined>;

/** What the venue says of an order it is asked about; `silent` when it does not say. */
export type Found =
  | { readonly kind: "found"; readonly outcome: OrderOutcome }
  | { readonly kind: "absent" }
  | { readonly kind: "silent" };

/** Asks the venue for an order. A venue out of reach has said nothing, neither yes nor no. */
export async function findOrder(broker: Broker, order: OrderRequest): Promise<Found> {
  try {
    const outcome = await broker.find(order);
    if (outcome === undefined) return { kind: "absent" };
    return outcome.kind === "unknown" ? { kind: "silent" } : { kind: "found", outcome };
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    return { kind: "silent" };
  }
}

/** What the venue allows for a pair; undefined while it does not answer. */
export async function instrumentOf(
  market: Markets,
  { exchange, pair }: { readonly exchange: string; readonly pair: string },
): Promise<Instrument | undefined> {
  try {
    const venue = await market(exchange);
    const listed = await venue?.instruments({ priority: PRIORITY.order });
    return listed?.find((instrument) => instrument.pair === pair);
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    return undefined;
  }
}

/** Quotes of what is held; a venue that does not answer leaves its positions for the next look. */
export async function quotesOf(
  market: Markets,
  positions: readonly Position[],
): Promise<ReadonlyMap<string, Quote>> {
  const quotes = new Map<string, Quote>();
  for (const exchange of new Set(positions.map((position) => position.exchange))) {
    const pairs = positions.filter((p) => p.exchange === exchange).map((p) => p.pair);
    try {
      const venue = await market(exchange);
      const answer = await venue?.quotes(pairs, { priority: PRIORITY.quote, recent: true });
      for (const quote of answer ?? []) quotes.set(`${exchange}:${quote.pair}`, quote);
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
    }
  }
  return quotes;
}
