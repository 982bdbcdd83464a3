import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../src/market/performance/equity-curve.ts";
import { BEGIN, closesOf, days, ELEVEN, figures } from "./kit.ts";

const ELEVEN_TRADES = {
  "hub.total_return": 0.03,
  "hub.sharpe": 1.291117,
  "hub.sortino": 1.85582,
  "hub.max_drawdown": 0.05,
  "hub.max_drawdown_abs": 50,
  "hub.cagr": 0.432802,
  "hub.calmar": 8.656044,
  "hub.profit_factor": 1.272727,
  "hub.expectancy": 2.727273,
  "hub.expectancy_r": 0.099174,
  "hub.win_rate": 0.545455,
  "hub.draw_rate": 0.090909,
  "hub.loss_rate": 0.363636,
  "hub.average_win": 23.333333,
  "hub.average_loss": 27.5,
  "hub.net_profit": 30,
  "hub.trades": 11,
  "hub.wins": 6,
  "hub.draws": 1,
  "hub.losses": 4,
  "bk.sharpe_trade": 0.097538,
  "bk.sharpe_annual": 1.189424,
  "bk.sortino_trade": 0.142134,
  "ft.profit_total": 0.03,
  "ft.sharpe_trade": 0.716622,
  "ft.sharpe_balance": 1.313189,
  "ft.sortino_trade": 1.193478,
  "ft.sortino_balance": 1.338709,
  "ft.calmar_trade": 38.209946,
  "ft.cagr": 0.432802,
  "ft.sqn": 0.323498,
  "ft.p_value": 0.752982,
  "ft.profit_factor_bt": 1.272727,
  "ft.profit_factor_live": 1.272727,
  "ft.expectancy": 2.727273,
  "ft.expectancy_ratio": 0.008264,
  "ft.win_rate_bt": 0.545455,
  "ft.win_rate_live": 0.636364,
  "ft.drawdown_abs": 50,
  "ft.drawdown_account": 0.05,
  "ft.drawdown_underwater": 0.05,
  "ft.drawdown_abs_2024": 35,
  "ft.drawdown_account_2024": 0.034146,
  "ft.drawdown_underwater_2024": 0.034146,
};

/** One more position is open from day 10 on, and worth less than was paid for it. */
const BAG_HOLDER = {
  "hub.total_return": 0.01,
  "hub.sharpe": 0.487033,
  "hub.sortino": 0.661785,
  "hub.max_drawdown": 0.095,
  "hub.max_drawdown_abs": 95,
  "hub.cagr": 0.128695,
  "hub.calmar": 1.354687,
};

const closes = closesOf(1_000, 30, ELEVEN);

describe("the figures of a reference account", () => {
  const golden = figures(ELEVEN, days(1_000, closes));

  test.each(Object.entries(ELEVEN_TRADES))("%s of eleven trades is %d", (id, value) => {
    expect(golden.get(id)?.value).toBeCloseTo(value, 6);
  });

  test("rest on thirty returns of thirty-one points", () => {
    expect(golden.get("hub.sharpe")).toMatchObject({
      n: 30,
      from: BEGIN,
      to: BEGIN + 30 * DAY_MS,
    });
    expect(golden.get("hub.win_rate")).toMatchObject({ n: 11 });
  });

  test("name the day of the fall: the first, and the day it was made good", () => {
    expect(golden.get("hub.max_drawdown_peak_at")?.value).toBe(BEGIN);
    expect(golden.get("hub.max_drawdown_trough_at")?.value).toBe(BEGIN + DAY_MS);
    expect(golden.get("hub.max_drawdown_recovered_at")?.value).toBe(BEGIN + 12 * DAY_MS);
  });
});

describe("the figures of somebody who holds on to a loss", () => {
  const marked = closes.map((worth, i) => worth - (i < 9 ? 0 : i < 29 ? 80 : 20));
  const holder = figures(ELEVEN, days(1_000, marked));
  const without = figures(ELEVEN, days(1_000, closes));

  test.each(Object.entries(BAG_HOLDER))("%s is %d", (id, value) => {
    expect(holder.get(id)?.value).toBeCloseTo(value, 6);
  });

  test("show the fall that closed trades hide", () => {
    expect(holder.get("hub.max_drawdown_trough_at")?.value).toBe(BEGIN + 10 * DAY_MS);
    expect(holder.get("hub.max_drawdown_recovered_at")?.value).toBe(BEGIN + 30 * DAY_MS);
    expect(holder.get("ft.drawdown_account")?.value).toBeCloseTo(0.05, 6);
  });

  test("are the same where only closed trades count", () => {
    const ofTrades = (found: typeof holder) => [...found.values()].filter(({ n }) => n === 11);

    expect(ofTrades(holder).length).toBeGreaterThan(25);
    expect(ofTrades(holder)).toEqual(ofTrades(without));
  });
});
