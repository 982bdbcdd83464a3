import { describe, expect, test } from "vitest";
import { BTC, FIGURES, NOW, setUp } from "./kit.ts";

const ORDER = { clientOrderId: "o", exchange: "binance", pair: "BTC/USDT" } as const;
const FILL = { ...ORDER, kind: "order-filled", quantity: "1", fee: "0" } as const;
const VERDICT = {
  kind: "verdict-given",
  signalId: "s",
  series: BTC,
  openTime: NOW - 900_000,
  strategy: "ema-cross",
  side: "buy",
  latencyMs: 5,
} as const;

describe("the metrics of trading", () => {
  test("count verdicts by what they decided, from zero", async () => {
    const { tell, value } = setUp();
    const accepted = 'engine_verdicts_total{strategy="ema-cross",decision="accepted"}';
    expect(await value(accepted)).toBe(0);
    tell({ ...VERDICT, decision: "accepted", reasons: [] });
    tell({ ...VERDICT, decision: "refused", reasons: ["spread"] });

    expect(await value(accepted)).toBe(1);
    expect(await value('engine_verdicts_total{strategy="ema-cross",decision="refused"}')).toBe(1);
  });

  test("measure slippage against us by side, and its mean with its sign", async () => {
    const { metrics, tell, value } = setUp();
    metrics.setPortfolios([{ name: "swing", series: [BTC] }]);
    const mean = 'engine_fill_slippage_signed_mean_ratio{exchange="binance"}';
    expect(await value(mean)).toBe(0);
    tell({ ...FILL, side: "buy", price: "101", referencePrice: "100" });
    tell({ ...FILL, side: "sell", price: "103", referencePrice: "100" });

    expect(await value('engine_fill_slippage_ratio_sum{exchange="binance"}')).toBeCloseTo(0.01, 9);
    expect(await value('engine_fill_slippage_ratio_bucket{le="0",exchange="binance"}')).toBe(1);
    expect(await value(mean)).toBeCloseTo(-0.01, 9);
  });

  test("pass over a fill whose price nobody decided on", async () => {
    const { tell, value } = setUp();
    tell({ ...FILL, side: "buy", price: "101", referencePrice: "0" });
    expect(await value('engine_fill_slippage_ratio_count{exchange="binance"}')).toBeUndefined();
  });

  test("time an order from its sending to the broker's answer, and nothing else", async () => {
    const { metrics, tell, value } = setUp();
    metrics.setPortfolios([{ name: "swing", series: [BTC] }]);
    tell({ kind: "order-changed", ...ORDER, side: "buy", state: "filled", ackMs: 120 });
    tell({ kind: "order-changed", ...ORDER, side: "buy", state: "rejected" });

    const name = "engine_order_ack_duration_seconds";
    expect(await value(`${name}_count{exchange="binance"}`)).toBe(1);
    expect(await value(`${name}_sum{exchange="binance"}`)).toBeCloseTo(0.12, 9);
  });

  test("count what is held and what is under way, down to zero", async () => {
    const { metrics, value } = setUp();
    metrics.setPortfolios([{ name: "swing", series: [BTC] }]);
    const swing = { exchange: "binance", portfolio: "swing" };
    metrics.setHoldings([swing, swing], [swing]);
    const labels = 'exchange="binance",portfolio="swing"';
    expect(await value(`engine_positions_open{${labels}}`)).toBe(2);
    expect(await value(`engine_orders_open{${labels}}`)).toBe(1);
    metrics.setHoldings([], []);
    expect(await value(`engine_positions_open{${labels}}`)).toBe(0);
    expect(await value(`engine_orders_open{${labels}}`)).toBe(0);
  });

  test("measure the loss of the day, and none on a day of gain", async () => {
    const { metrics, value } = setUp();
    metrics.setAccount(FIGURES);
    expect(await value('engine_portfolio_daily_loss_ratio{portfolio="all"}')).toBeCloseTo(0.1, 9);
    expect(await value('engine_portfolio_daily_loss_limit_ratio{portfolio="all"}')).toBe(0.05);
    metrics.setAccount({ ...FIGURES, equity: { ...FIGURES.equity, equity: "12000" } });
    expect(await value('engine_portfolio_daily_loss_ratio{portfolio="all"}')).toBe(0);
  });

  test("tell the hub's time, on which ages are measured", async () => {
    const { clock, value } = setUp();
    await clock.advance(2_000);
    expect(await value("engine_hub_clock_timestamp_seconds")).toBe(NOW / 1_000 + 2);
  });
});
