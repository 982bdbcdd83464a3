import { type Decimal, text, ZERO } from "../../market/decimal.ts";
import { lotFault } from "../../market/instrument.ts";
import { amount, brief, limitOf, positive, shown } from "../amounts.ts";
import { bookMid, walkBook } from "../book.ts";
import type { Check } from "../check.ts";
import { fresh, present } from "../fresh.ts";

/** A wide spread is a cost paid twice, and the mark of a market that is not quite there. */
export const spread: Check = {
  name: "spread",
  unit: "fraction",
  isEntryOnly: false,
  measure({ quote, limits }) {
    const { bid, ask } = fresh("quote", quote, limits.maxQuoteAgeMs);
    const [low, high] = [positive("bid", bid), positive("ask", ask)];
    if (high.lt(low)) throw new RangeError("ask is below bid");
    const share = high.minus(low).div(high.plus(low).div(2));
    const limit = limitOf("maxSpreadFraction", limits.maxSpreadFraction);
    return {
      passed: share.lte(limit),
      measured: shown(share),
      limit: shown(limit),
      dataAgeMs: quote?.ageMs ?? Number.NaN,
      detail: `bid ${bid}, ask ${ask}`,
    };
  },
};

/** The book must hold our whole size, at an average price near the mid. */
export const depthForSize: Check = {
  name: "depth-for-size",
  unit: "fraction",
  isEntryOnly: false,
  measure({ book, limits }, plan) {
    const { side, quantity, quoteAgeMs } = plan.size();
    const sides = fresh("book", book, limits.maxQuoteAgeMs);
    const limit = limitOf("maxSlippageFraction", limits.maxSlippageFraction);
    const seen = {
      limit: shown(limit),
      dataAgeMs: Math.max(book?.ageMs ?? Number.NaN, quoteAgeMs),
    };
    const mid = bookMid(sides);
    const { filled, average } = walkBook(sides, side, quantity);
    if (filled.lt(quantity)) {
      const detail = `the book holds ${brief(filled)} of ${brief(quantity)}`;
      return { passed: false, measured: null, ...seen, detail };
    }
    const worse: Decimal = side === "buy" ? average.minus(mid) : mid.minus(average);
    const share = worse.div(mid);
    const detail = `${brief(quantity)} at ${brief(average)} on average, mid ${brief(mid)}`;
    return { passed: share.lte(limit), measured: shown(share), ...seen, detail };
  },
};

/**
 * A pair that hardly trades cannot be left again. Where a dealer quotes against himself there is no
 * turnover to look at: what can be left there at which price is what he offers, and that is for
 * {@link spread} and {@link depthForSize} to judge.
 */
export const dayVolume: Check = {
  name: "day-volume",
  unit: "quote",
  isEntryOnly: true,
  measure({ day, limits }) {
    const { quoteVolume } = fresh("day figures", day, limits.maxDayStatsAgeMs);
    const limit = limitOf("minDayQuoteVolume", limits.minDayQuoteVolume);
    const seen = { limit: limits.minDayQuoteVolume, dataAgeMs: day?.ageMs ?? Number.NaN };
    // Said by the venue's adapter, in so many words; a figure that is merely missing does not pass.
    if (quoteVolume === null) {
      return { passed: true, measured: null, ...seen, detail: "the venue has no turnover to tell" };
    }
    const volume = amount("day volume", quoteVolume);
    return {
      passed: volume.gte(limit),
      measured: text(volume),
      ...seen,
      detail: `${brief(volume)} turned over in 24 hours`,
    };
  },
};

/** What the venue would refuse is refused here, where it costs nothing. */
export const lotRules: Check = {
  name: "lot-rules",
  unit: "base",
  isEntryOnly: false,
  measure({ instrument: known }, plan) {
    const instrument = present("instrument", known);
    const { quantity, price, value, quoteAgeMs } = plan.size();
    for (const rule of [instrument.minQuantity, instrument.minNotional]) amount("lot rule", rule);
    const fault = lotFault(instrument, text(quantity), text(price));
    return {
      passed: fault === undefined && quantity.gt(ZERO),
      measured: text(quantity),
      limit: instrument.minQuantity,
      dataAgeMs: quoteAgeMs,
      detail: `${brief(quantity)} worth ${brief(value)}: ${fault ?? "within the venue's rules"}`,
    };
  },
};
