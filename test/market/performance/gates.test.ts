import { describe, expect, test } from "vitest";
import { closed, closesOf, days, ELEVEN, figures } from "./kit.ts";

const RATIOS = ["hub.sharpe", "hub.sortino"];
const YEARLY = ["hub.cagr", "hub.calmar"];
const OF_TRADES = ["hub.profit_factor", "hub.expectancy", "hub.expectancy_r", "hub.win_rate"];

/** The reasons of some figures, each of which must be null. */
function reasons(found: ReturnType<typeof figures>, ids: readonly string[]) {
  return new Set(ids.map((id) => found.get(id)).map((one) => [one?.value, one?.reason].join()));
}
const because = (reason: string): Set<string> => new Set([`,${reason}`]);
const equity = days(1_000, closesOf(1_000, 30, ELEVEN));
const winners = ELEVEN.filter(({ pnl }) => Number(pnl) > 0);

describe("a figure that cannot be told is null and says why", () => {
  test("without trades", () => {
    const found = figures([], equity);

    expect(reasons(found, OF_TRADES)).toEqual(because("no_trades"));
    expect(reasons(found, RATIOS)).toEqual(because("too_few_trades"));
  });

  test("with one trade, and with nine", () => {
    for (const count of [1, 9]) {
      const found = figures(ELEVEN.slice(0, count), equity);
      expect(reasons(found, [...RATIOS, "bk.sharpe_trade"])).toEqual(because("too_few_trades"));
    }
    expect(figures(ELEVEN.slice(0, 10), equity).get("hub.sharpe")?.value).not.toBeNull();
  });

  test("with thirteen days, and no longer with fourteen", () => {
    const many = Array.from({ length: 10 }, (_, i) => closed(1 + i, i % 3 === 0 ? -10 : 7));

    const short = figures(many, days(1_000, closesOf(1_000, 13, many)));
    const enough = figures(many, days(1_000, closesOf(1_000, 14, many)));

    expect(reasons(short, [...RATIOS, ...YEARLY])).toEqual(because("too_short"));
    expect([...RATIOS, ...YEARLY].map((id) => enough.get(id)?.reason)).toEqual(Array(4).fill(null));
  });

  test("without losers", () => {
    const found = figures(winners, equity);

    const ofLosers = ["hub.profit_factor", "hub.expectancy_r", "hub.average_loss"];
    expect(reasons(found, [...ofLosers, "ft.profit_factor_live"])).toEqual(because("no_losers"));
    expect(found.get("hub.win_rate")?.value).toBe(1);
  });

  test("of worth that only rises", () => {
    const rising = days(
      1_000,
      Array.from({ length: 30 }, (_, i) => 1_000 + (i + 1) ** 2),
    );
    const found = figures(ELEVEN, rising);

    expect(found.get("hub.sortino")).toMatchObject({ value: null, reason: "no_downside" });
    expect(found.get("hub.calmar")).toMatchObject({ value: null, reason: "no_drawdown" });
    expect(found.get("hub.max_drawdown")).toMatchObject({ value: 0, reason: null });
    expect(found.get("hub.max_drawdown_trough_at")?.reason).toBe("no_drawdown");
  });

  test("of worth that stays the same", () => {
    const flat = figures(ELEVEN, days(1_000, Array(30).fill(1_000)));

    expect(reasons(flat, RATIOS)).toEqual(because("zero_variance"));
    expect(flat.get("hub.calmar")?.reason).toBe("no_drawdown");
    expect(flat.get("hub.cagr")?.value).toBe(0);
  });

  test("of draws alone", () => {
    const draws = Array.from({ length: 12 }, (_, i) => closed(i + 1, 0));
    const found = figures(draws, days(1_000, Array(30).fill(1_000)));

    expect(reasons(found, ["hub.profit_factor", "hub.expectancy_r"])).toEqual(because("no_losers"));
    expect(found.get("hub.average_win")?.reason).toBe("no_winners");
    expect(found.get("bk.sharpe_trade")?.reason).toBe("zero_variance");
    expect(found.get("hub.draw_rate")?.value).toBe(1);
  });

  test("of an account that is worth nothing, on any day", () => {
    for (const worthless of [4, 29]) {
      const ruined = closesOf(1_000, 30, ELEVEN).map((worth, i) => (i === worthless ? 0 : worth));
      const found = figures(ELEVEN, days(1_000, ruined));

      expect(reasons(found, [...RATIOS, ...YEARLY])).toEqual(because("non_positive_equity"));
      expect(found.get("hub.max_drawdown")?.value).toBe(1);
    }
  });

  test("of an account that began with nothing", () => {
    const found = figures(ELEVEN, days(0, Array(30).fill(0)));

    expect(reasons(found, ["hub.total_return", "hub.max_drawdown", "hub.calmar"])).toEqual(
      because("non_positive_equity"),
    );
  });

  test("of worth that nobody marked", () => {
    const found = figures(ELEVEN, [], 30);

    const ofEquity = ["hub.total_return", "hub.max_drawdown", ...RATIOS, ...YEARLY];
    expect(reasons(found, [...ofEquity, "ft.sharpe_trade"])).toEqual(because("no_equity"));
    expect(found.get("hub.win_rate")?.value).toBeCloseTo(6 / 11, 12);
  });

  test("of a year's worth when there are more than 365 trades a year", () => {
    const busy = Array.from({ length: 60 }, (_, i) => closed(1 + i / 2.5, i % 3 === 0 ? -10 : 7));
    const found = figures(busy, days(1_000, closesOf(1_000, 30, busy)));

    expect(found.get("bk.sharpe_annual")).toMatchObject({ value: null, reason: "too_many_trades" });
    expect(found.get("bk.sharpe_trade")?.value).toBeGreaterThan(0);
  });

  test("of a single day, where the return can be told and nothing for a year", () => {
    const found = figures([], days(1_000, [1_010]));

    expect(found.get("hub.total_return")?.value).toBeCloseTo(0.01, 12);
    expect(found.get("hub.total_return")?.n).toBe(1);
    expect(reasons(found, YEARLY)).toEqual(because("too_short"));
  });
});

describe("freqtrade's figures keep its words for none", () => {
  test("0, 100 and -100", () => {
    const none = figures([], equity);
    const equal = figures(
      [1, 2, 3].map((day) => closed(day, -10)),
      days(1_000, [990, 980, 970]),
    );

    expect(none.get("ft.expectancy_ratio")?.value).toBe(0);
    expect(none.get("ft.sharpe_trade")?.value).toBe(0);
    expect(figures(winners, equity).get("ft.expectancy_ratio")?.value).toBe(100);
    expect(figures(winners, equity).get("ft.profit_factor_bt")?.value).toBe(0);
    expect(equal.get("ft.sharpe_trade")?.value).toBe(-100);
    expect(equal.get("ft.sortino_trade")?.value).toBe(-100);
    expect(equal.get("ft.sqn")?.value).toBe(-100);
    expect(equal.get("ft.p_value")).toMatchObject({ value: null, reason: "zero_variance" });
  });

  test("streaks and days", () => {
    const found = figures(ELEVEN, equity);

    expect(found.get("ft.streak_wins")?.value).toBe(2);
    expect(found.get("ft.streak_losses")?.value).toBe(2);
    expect(found.get("ft.profit_mean")?.value).toBeCloseTo(30 / 11 / 200, 8);
    expect(figures([], equity).get("ft.sharpe_daily")?.value).toBe(-20);
    expect(found.get("ft.sharpe_daily")?.value).toBeGreaterThan(0);
  });
});
