import { forbidding, isWithin, scopeKey, strictest } from "../../market/halt.ts";
import { assetsOf } from "../../market/series.ts";
import { timeframeMs } from "../../market/timeframe.ts";
import { amount } from "../amounts.ts";
import type { Check } from "../check.ts";
import { count, fresh, present } from "../fresh.ts";
import type { ReviewInput } from "../input.ts";

/** Whether anything of the pair is held. */
export function isHolding({ position }: ReviewInput): boolean {
  return position !== undefined && amount("position quantity", position.quantity).gt(0);
}

/** A halt refuses whatever would add risk; a sell of what is held lowers it and goes on, unless in quarantine. */
export const tradingHalted: Check = {
  name: "trading-halted",
  unit: "state",
  isEntryOnly: false,
  measure(input) {
    const { halts, signal, portfolio } = input;
    if (halts === undefined) throw new RangeError("halt state is missing");
    const { side, strategy, series } = signal;
    const { exchange, pair } = series;
    const order = { exchange, pair, strategy, portfolio, side };
    const here = strictest(halts.filter(({ scope }) => isWithin(scope, order)));
    if (here === undefined) {
      const detail = "trading is on";
      return { passed: true, measured: "trading", limit: "trading", detail };
    }
    const halt = forbidding(halts, order, isHolding(input));
    // Short selling is no way around a halt: only what is held can be sold.
    const opensShort = side === "sell" && !isHolding(input);
    const isPassed = halt === undefined && !opensShort;
    const { mode, by, reason, scope } = halt ?? here;
    const effect = isPassed ? "; this order may go on" : "";
    return {
      passed: isPassed,
      measured: mode,
      limit: "trading",
      detail: `${scopeKey(scope)} is halted (${mode}) by ${by}: ${reason}${effect}`,
    };
  },
};

/** A signal loses its meaning as the market moves on from its candle. */
export const signalFresh: Check = {
  name: "signal-fresh",
  unit: "ms",
  isEntryOnly: false,
  measure({ signal, nowMs, limits }) {
    const share = timeframeMs(signal.series.timeframe) * limits.maxSignalAgeFraction;
    const limit = Math.min(share, limits.maxSignalAgeMs);
    const age = nowMs - signal.closeTime;
    return {
      passed: age >= 0 && age <= limit,
      measured: age,
      limit,
      detail: age < 0 ? "its candle is not closed yet" : `${age} ms since its candle closed`,
    };
  },
};

/** Indicators over a window with unknown candles are guesses. */
export const windowComplete: Check = {
  name: "window-complete",
  unit: "count",
  isEntryOnly: false,
  measure({ signal }) {
    const missing = count("missing candles", signal.missingInWindow);
    return {
      passed: missing === 0,
      measured: missing,
      limit: 0,
      detail: `${missing} candles of the window are missing`,
    };
  },
};

/** The venue trades the pair now, and the rules at hand are those of this pair. */
export const marketActive: Check = {
  name: "market-active",
  unit: "state",
  isEntryOnly: false,
  measure(input) {
    const { exchange, pair, active } = present("instrument", input.instrument);
    const { series } = input.signal;
    if (exchange !== series.exchange || pair !== series.pair) {
      throw new RangeError(`instrument is ${exchange} ${pair}`);
    }
    return {
      passed: active === true,
      measured: active ? "active" : "inactive",
      limit: "active",
      detail: `the venue ${active ? "trades" : "does not trade"} ${pair}`,
    };
  },
};

/** Dollars by other names: pegged to it, and counted as it. */
const DOLLARS = new Set(["USD", "USDT", "USDC"]);

/** Equity in one currency says nothing about stakes in another, and their cash does not add. */
export const accountCurrency: Check = {
  name: "account-currency",
  unit: "state",
  isEntryOnly: true,
  measure({ signal, account }) {
    const { quote } = assetsOf(signal.series.pair);
    const { currency } = account;
    if (quote === "" || typeof currency !== "string") throw new RangeError("currency is missing");
    return {
      passed: quote === currency || (DOLLARS.has(quote) && DOLLARS.has(currency)),
      measured: quote,
      limit: currency,
      detail: `the pair is paid in ${quote}, the account is in ${currency}`,
    };
  },
};

/** With clocks apart, neither the close of a candle nor the age of a quote means anything. */
export const clockSkew: Check = {
  name: "clock-skew",
  unit: "ms",
  isEntryOnly: false,
  measure({ clockSkew: aged, limits }) {
    const skew = fresh("clock skew", aged, limits.maxClockSkewAgeMs);
    return {
      passed: Math.abs(skew) <= limits.maxClockSkewMs,
      measured: skew,
      limit: limits.maxClockSkewMs,
      dataAgeMs: aged?.ageMs ?? Number.NaN,
      detail: `the exchange's clock is ${skew} ms ahead of ours`,
    };
  },
};
