import type { z } from "zod";
import { type Decimal, decimal, ZERO } from "../../market/decimal.ts";
import type { TradeRow } from "../../store/trade-port.ts";
import type { performance } from "../schemas/chatty.ts";
import { LONGEST_PERIOD_MS } from "../view-reader.ts";
import { iso } from "./numbers.ts";
import type { Scene } from "./scene.ts";

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};
const DEFAULT_PERIOD_MS = 30 * DAY_MS;
/** With fewer days of trading than this, a ratio of mean to spread says nothing. */
const LEAST_DAYS = 10;
const DAYS_A_YEAR = 365;

type Performance = z.input<typeof performance>;

/** Reads `30d`, `12h`, `2w`; anything else is 30 days. */
function periodMs(text: string): number {
  const match = /^(\d{1,5})([hdw])$/i.exec(text.trim());
  const length = Number(match?.[1] ?? 0) * (UNIT_MS[(match?.[2] ?? "").toLowerCase()] ?? 0);
  return length > 0 ? Math.min(length, LONGEST_PERIOD_MS) : DEFAULT_PERIOD_MS;
}

/** How trades went that ended within a period before now. A ratio that is not known is left out. */
export function presentPerformance(scene: Scene, period: string): Performance {
  const { picture, nowMs, liveMode } = scene;
  const from = nowMs - periodMs(period);
  const closed = picture.closed.filter(
    ({ closedAt, pnl }) => pnl !== null && closedAt !== null && closedAt >= from,
  );
  const results = closed.map(({ pnl }) => decimal(pnl ?? "0"));
  const wins = results.filter((result) => result.gt(ZERO));
  const losses = results.filter((result) => result.lt(ZERO));
  return {
    totalPnl: sum(results).toNumber(),
    winRate: results.length === 0 ? 0 : wins.length / results.length,
    totalTrades: results.length,
    avgWin: mean(wins),
    avgLoss: Math.abs(mean(losses)),
    ...ratios(scene, closed, sum(results)),
    periodStart: iso(from),
    periodEnd: iso(nowMs),
    live_mode: liveMode,
  };
}

function ratios(
  { equity }: Scene,
  closed: readonly TradeRow[],
  total: Decimal,
): Pick<Performance, "sharpeRatio" | "maxDrawdown"> {
  if (equity === null) return {};
  // What was there before the period: equity now, without what is still open and what was earned.
  const before = decimal(equity.equity).minus(decimal(equity.openPnl)).minus(total).toNumber();
  if (!(before > 0)) return {};
  const drawdown = maxDrawdown(before, closed);
  const sharpe = sharpeRatio(before, closed);
  return {
    ...(sharpe === undefined ? {} : { sharpeRatio: sharpe }),
    ...(drawdown > 0 && drawdown <= 1 ? { maxDrawdown: drawdown } : {}),
  };
}

/** Deepest fall of realised equity from its highest point before, 0 to 1. */
function maxDrawdown(before: number, closed: readonly TradeRow[]): number {
  let equity = before;
  let peak = before;
  let deepest = 0;
  for (const { pnl } of closed) {
    equity += Number(pnl);
    peak = Math.max(peak, equity);
    deepest = Math.max(deepest, (peak - equity) / peak);
  }
  return deepest;
}

/** Mean over spread of daily returns, a year's worth; undefined with too few days. */
function sharpeRatio(before: number, closed: readonly TradeRow[]): number | undefined {
  const days = new Map<number, number>();
  for (const { pnl, closedAt } of closed) {
    const day = Math.floor((closedAt ?? 0) / DAY_MS);
    days.set(day, (days.get(day) ?? 0) + Number(pnl) / before);
  }
  if (days.size < LEAST_DAYS) return undefined;
  const returns = [...days.values()];
  const average = returns.reduce((all, one) => all + one, 0) / returns.length;
  const squares = returns.reduce((all, one) => all + (one - average) ** 2, 0);
  const ratio = (average / Math.sqrt(squares / (returns.length - 1))) * Math.sqrt(DAYS_A_YEAR);
  return Number.isFinite(ratio) && ratio !== 0 ? ratio : undefined;
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((all, one) => all.plus(one), ZERO);
}

function mean(values: readonly Decimal[]): number {
  return values.length === 0 ? 0 : sum(values).div(values.length).toNumber();
}
