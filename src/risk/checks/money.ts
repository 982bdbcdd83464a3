import { type Decimal, text } from "../../market/decimal.ts";
import { timeframeMs } from "../../market/timeframe.ts";
import { amount, brief, exact, limitOf, positive, shown } from "../amounts.ts";
import type { Check, Finding } from "../check.ts";
import { count } from "../fresh.ts";

/** Cash for the stake and its fee must be there and not promised to another order. */
export const freeBalance: Check = {
  name: "free-balance",
  unit: "quote",
  isEntryOnly: true,
  measure({ account }, plan) {
    const free = amount("free cash", account.freeCash);
    const needed = plan.reserve();
    return {
      passed: needed.lte(free),
      measured: text(needed),
      limit: text(free),
      dataAgeMs: plan.size().quoteAgeMs,
      detail: `needs ${brief(needed)} with fees, ${brief(free)} ${account.currency} is free`,
    };
  },
};

/** Compares a fall with the limit at which buying ends; reaching it is enough. */
function fall(from: Decimal, now: Decimal, limit: Decimal, since: string): Finding {
  const lost = from.minus(now).div(from);
  return {
    passed: lost.lt(limit),
    measured: shown(lost),
    limit: shown(limit),
    detail: `equity ${brief(now)}, ${brief(from)} ${since}`,
  };
}

/** After a bad day the market is left alone until the next. */
export const dailyLoss: Check = {
  name: "daily-loss",
  unit: "fraction",
  isEntryOnly: true,
  measure({ account, limits }) {
    const start = positive("equity at the start of the day", account.dayStartEquity);
    const limit = limitOf("maxDailyLossFraction", limits.maxDailyLossFraction);
    return fall(start, exact("equity", account.equity.equity), limit, "at the start of the day");
  },
};

/** Equity, not a sum of trades: open losses count too. */
export const drawdown: Check = {
  name: "drawdown",
  unit: "fraction",
  isEntryOnly: true,
  measure({ account, limits }) {
    const peak = positive("highest equity", account.peakEquity);
    const limit = limitOf("maxDrawdownFraction", limits.maxDrawdownFraction);
    return fall(peak, exact("equity", account.equity.equity), limit, "at its highest");
  },
};

/** A strategy that trades without end has a fault; its fees alone would do harm. */
export const tradesPerDay: Check = {
  name: "trades-per-day",
  unit: "count",
  isEntryOnly: true,
  measure({ tradesToday, limits }) {
    const today = count("trades today", tradesToday);
    return {
      passed: today < limits.maxTradesPerDay,
      measured: today,
      limit: limits.maxTradesPerDay,
      detail: `${today} trades were accepted today`,
    };
  },
};

/** Right after a position has ended, the same pattern is often still there. */
export const cooldown: Check = {
  name: "cooldown",
  unit: "ms",
  isEntryOnly: true,
  measure({ signal, nowMs, lastClosedAt, limits }) {
    const limit = limits.cooldownCandles * timeframeMs(signal.series.timeframe);
    if (lastClosedAt === undefined || lastClosedAt === null) {
      const detail = "no position of the pair has ended yet";
      return { passed: limit >= 0, measured: null, limit, detail };
    }
    const quiet = nowMs - lastClosedAt;
    return {
      passed: quiet >= limit,
      measured: quiet,
      limit,
      detail: `${quiet} ms since a position of the pair ended`,
    };
  },
};

/** A buy says beforehand where it was wrong, neither at once nor too late. */
export const stopSanity: Check = {
  name: "stop-sanity",
  unit: "fraction",
  isEntryOnly: true,
  measure({ signal, limits }, plan) {
    const { price, quoteAgeMs: dataAgeMs } = plan.size();
    const { stopLoss, takeProfit } = signal;
    const [nearest, farthest] = [
      limitOf("minStopFraction", limits.minStopFraction),
      limitOf("maxStopFraction", limits.maxStopFraction),
    ];
    const limit = `${limits.minStopFraction} to ${limits.maxStopFraction}`;
    if (stopLoss === undefined) {
      return { passed: false, measured: null, limit, dataAgeMs, detail: "it has no stop-loss" };
    }
    const distance = price.minus(positive("stop-loss", stopLoss)).div(price);
    const isTargetAbove = takeProfit === undefined || positive("take-profit", takeProfit).gt(price);
    return {
      passed: distance.gte(nearest) && distance.lte(farthest) && isTargetAbove,
      measured: shown(distance),
      limit,
      dataAgeMs,
      detail: `stop-loss ${stopLoss}, take-profit ${takeProfit ?? "none"}, ask ${brief(price)}`,
    };
  },
};
