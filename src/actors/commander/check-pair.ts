import { ExchangeFailure } from "../../exchanges/errors.ts";
import type { MarketData } from "../../exchanges/port.ts";
import type { Series } from "../../market/series.ts";
import { FailureError, messageOf } from "../../runtime/errors.ts";
import { similarPairs } from "./similar-pairs.ts";

type PairAnswer =
  | { readonly kind: "traded" }
  | { readonly kind: "not-traded"; readonly similar: readonly string[] }
  /** The exchange will not answer as long as something here is not put right, such as its key. */
  | { readonly kind: "barred"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Asks an exchange whether it trades a pair, whoever polls it. Without an answer it is unknown, and
 * the wish is to be believed: an exchange that is away must not hinder its followers.
 * @param reach opens the exchange; undefined for one that the hub does not know.
 */
export async function checkPair(
  reach: (exchange: string) => Promise<MarketData | undefined>,
  { exchange, pair }: Pick<Series, "exchange" | "pair">,
): Promise<PairAnswer> {
  try {
    const market = await reach(exchange);
    if (market === undefined) return { kind: "unknown", reason: "cannot be opened" };
    const listed = (await market.instruments()).filter(({ active }) => active);
    const pairs = listed.map((instrument) => instrument.pair);
    if (pairs.includes(pair)) return { kind: "traded" };
    return { kind: "not-traded", similar: similarPairs(pair, pairs) };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    if (error instanceof ExchangeFailure && error.fault === "permanent") {
      return { kind: "barred", reason: error.message };
    }
    return { kind: "unknown", reason: messageOf(error) };
  }
}
