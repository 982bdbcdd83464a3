import { describe, expect, test } from "vitest";
import type { Timeframe } from "../../src/market/timeframe.ts";
import type { ActorNode } from "../../src/runtime/spec.ts";
import { storeFigures } from "../http/kit/builders.ts";
import { BTC, FIGURES, NOW, saved, setUp } from "./kit.ts";

const tf = 'exchange="binance",timeframe="15m"';

describe("the metrics", () => {
  test("start at zero for a followed series and its portfolio", async () => {
    const { metrics, value } = setUp();
    metrics.setPortfolios([{ name: "swing", series: [BTC] }]);

    expect(await value(`engine_polls_total{${tf},outcome="failed"}`)).toBe(0);
    expect(await value(`engine_candles_stored_total{${tf},source="retry"}`)).toBe(0);
    expect(await value(`engine_candle_gaps_open{${tf}}`)).toBe(0);
    expect(await value(`engine_candle_lag_seconds_count{${tf}}`)).toBe(0);
    expect(await value('engine_rejections_total{portfolio="swing",reason="spread"}')).toBe(0);
    expect(await value('engine_signals_total{strategy="ema-cross",side="sell"}')).toBe(0);
    expect(await value('engine_fees_quote_total{portfolio="swing",quote="USDT"}')).toBe(0);
    expect(await value('engine_trading_halted{portfolio="all",reason="operator"}')).toBe(0);
  });

  test("tell the size of each table, and nothing of one that is gone", async () => {
    const { metrics, value } = setUp();
    const figures = storeFigures();
    metrics.setStoreSize(figures);

    expect(await value('engine_store_bytes{table="signals"}')).toBe(183_000);
    expect(await value('engine_store_bytes{table="candles_1m"}')).toBe(183_000);
    metrics.setStoreSize({ ...figures, tables: [] });
    expect(await value('engine_store_bytes{table="signals"}')).toBeUndefined();
    expect(await value('engine_store_bytes{table="candles_1m"}')).toBe(183_000);
  });

  test("know nothing of a last close before there is one, nor after the series is let go", async () => {
    const { tell, value } = setUp();
    const name =
      'engine_candle_last_close_timestamp_seconds{exchange="binance",pair="BTC/USDT",timeframe="15m"}';
    tell({ kind: "series-added", series: BTC });
    expect(await value(name)).toBeUndefined();
    tell(saved());
    expect(await value(name)).toBe(NOW / 1_000);
    tell(saved({ openTime: NOW - 9_000_000, closeTime: NOW - 8_100_000 }));
    expect(await value(name)).toBe(NOW / 1_000);
    tell({ kind: "series-removed", series: BTC });
    expect(await value(name)).toBeUndefined();
  });

  test("measure lateness of candles that were waited for, not of history", async () => {
    const { tell, value } = setUp();
    tell(saved(), NOW + 5_300);
    tell(saved({ source: "bootstrap" }), NOW + 9_999_999);
    tell(saved({ novelty: "revised" }), NOW + 9_999_999);

    expect(await value(`engine_candle_lag_seconds_count{${tf}}`)).toBe(1);
    expect(await value(`engine_candle_lag_seconds_sum{${tf}}`)).toBe(5.3);
    expect(await value(`engine_candles_stored_total{${tf},source="poll"}`)).toBe(2);
  });

  test("count a gap once, and never below zero", async () => {
    const { metrics, tell, value } = setUp();
    metrics.setOpenGaps([{ ...BTC, openTime: 1 }]);
    const gap = (kind: "gap-opened" | "gap-healed" | "gap-confirmed-empty", openTime: number) =>
      tell({ kind, series: BTC, openTime });
    gap("gap-opened", 2);
    gap("gap-opened", 2);
    expect(await value(`engine_candle_gaps_open{${tf}}`)).toBe(2);
    gap("gap-healed", 1);
    gap("gap-healed", 99);
    gap("gap-confirmed-empty", 2);
    expect(await value(`engine_candle_gaps_open{${tf}}`)).toBe(0);
    expect(await value(`engine_candle_gaps_repaired_total{${tf}}`)).toBe(2);
  });

  test("tell why a poll was done again, and what still waits", async () => {
    const { tell, value } = setUp();
    const poll = (outcome: "ok" | "corrupt", attempt: number) =>
      tell({ kind: "poll-finished", series: BTC, outcome, attempt, durationMs: 120 });
    poll("corrupt", 1);
    tell({ kind: "retry-pending", series: BTC, openTime: NOW - 900_000, reason: "free text" });
    expect(await value('engine_retries_pending{exchange="binance"}')).toBe(1);
    poll("ok", 2);
    tell(saved({ source: "retry" }));

    expect(await value('engine_poll_retries_total{exchange="binance",reason="corrupt"}')).toBe(1);
    expect(await value('engine_candles_rejected_total{exchange="binance",reason="corrupt"}')).toBe(
      1,
    );
    expect(await value('engine_retries_pending{exchange="binance"}')).toBe(0);
    expect(
      await value('engine_poll_duration_seconds_sum{exchange="binance",operation="candles"}'),
    ).toBe(0.24);
  });

  test("tell which leases are held, and nothing of those that are wanted no more", async () => {
    const { metrics, value } = setUp();
    const kraken = 'engine_lease_held{lease="exchange:kraken"}';
    metrics.setLeases([
      { name: "trader", isHeld: true },
      { name: "exchange:kraken", isHeld: false },
    ]);
    expect(await value(kraken)).toBe(0);

    metrics.setLeases([{ name: "trader", isHeld: false }]);

    expect(await value('engine_lease_held{lease="trader"}')).toBe(0);
    expect(await value(kraken)).toBeUndefined();
  });

  test("let nothing look stale that another hub polls from now on", async () => {
    const { metrics, tell, value } = setUp();
    const ETH = { ...BTC, exchange: "kraken", pair: "ETH/USDT" };
    metrics.setPortfolios([{ name: "swing", series: [BTC, ETH] }]);
    const newest = ({ exchange, pair }: typeof BTC) =>
      value(
        `engine_candle_last_close_timestamp_seconds{exchange="${exchange}",pair="${pair}",timeframe="15m"}`,
      );
    for (const series of [BTC, ETH]) {
      tell(saved({ series }));
      tell({ kind: "retry-pending", series, openTime: NOW, reason: "late" });
    }

    tell({ kind: "lease-lost", lease: "exchange:binance", reason: "its time ran out" });

    expect([await newest(BTC), await newest(ETH)]).toEqual([undefined, NOW / 1_000]);
    expect(await value('engine_retries_pending{exchange="binance"}')).toBe(0);
    expect(await value('engine_retries_pending{exchange="kraken"}')).toBe(1);
  });

  test("count signals, verdicts, orders, fills and fees", async () => {
    const { metrics, tell, value, clock } = setUp();
    metrics.setPortfolios([{ name: "swing", series: [BTC] }]);
    const common = {
      signalId: "s",
      series: BTC,
      openTime: NOW,
      strategy: "ema-cross",
      side: "buy",
    } as const;
    tell({ kind: "signal-raised", ...common, price: "1" });
    tell({
      kind: "verdict-given",
      ...common,
      decision: "refused",
      reasons: ["spread"],
      latencyMs: 30,
    });
    const order = {
      clientOrderId: "o",
      exchange: "binance",
      pair: "BTC/USDT",
      side: "buy",
    } as const;
    tell({ kind: "order-changed", ...order, state: "unknown" });
    await clock.advance(7_000);
    expect(await value('engine_orders_oldest_unconfirmed_seconds{exchange="binance"}')).toBe(7);
    tell({ kind: "order-changed", ...order, state: "filled" });
    tell({
      kind: "order-filled",
      ...order,
      quantity: "1",
      price: "2",
      referencePrice: "1.9",
      fee: "0.002",
    });

    expect(await value('engine_signals_total{strategy="ema-cross",side="buy"}')).toBe(1);
    expect(await value('engine_rejections_total{portfolio="swing",reason="spread"}')).toBe(1);
    expect(await value('engine_decision_duration_seconds_sum{strategy="ema-cross"}')).toBe(0.03);
    const labels = 'exchange="binance",portfolio="swing",side="buy"';
    expect(await value(`engine_orders_total{${labels},type="market",status="filled"}`)).toBe(1);
    expect(await value(`engine_fills_total{${labels},liquidity="taker"}`)).toBe(1);
    expect(await value('engine_fees_quote_total{portfolio="swing",quote="USDT"}')).toBe(0.002);
    expect(await value('engine_orders_oldest_unconfirmed_seconds{exchange="binance"}')).toBe(0);
  });

  test("show the account and exchanges", async () => {
    const { metrics, value } = setUp();
    metrics.setAccount(FIGURES);
    metrics.setExchange("binance", { budgetLeft: 0.75, offsetMs: 250 });

    expect(await value('engine_portfolio_equity_quote{portfolio="all",quote="USDT"}')).toBe(9_000);
    expect(await value('engine_portfolio_drawdown_ratio{portfolio="all"}')).toBe(0.1);
    expect(await value('engine_portfolio_exposure_ratio{portfolio="all"}')).toBe(0.5);
    expect(await value('engine_clock_skew_seconds{exchange="binance"}')).toBe(-0.25);
    expect(await value('engine_exchange_rate_limit_remaining_ratio{exchange="binance"}')).toBe(
      0.75,
    );
  });

  test("show actors by kind, never one by one", async () => {
    const { metrics, value } = setUp();
    const node = (id: string, state: ActorNode["state"], mailboxDepth: number): ActorNode => ({
      id,
      kind: "actor",
      state,
      restarts: 0,
      mailboxDepth,
      children: [],
    });
    const children = [
      node("commander/analysts/analyst:binance:BTC/USDT:15m", "up", 3),
      node("commander/analysts/analyst:binance:ETH/USDT:1h", "parked", 9),
      node("commander/harvesters/harvester:oanda", "up", 1),
    ];
    metrics.beforeScrape(() => metrics.onTree({ ...node("commander", "up", 0), children }));
    metrics.beforeScrape(() => {
      throw new Error("must not take the scrape with it");
    });
    const actor = "commander/analysts/analyst:binance:BTC/USDT:15m";
    metrics.onKitEvent({
      kind: "handled",
      actor,
      topic: "wake",
      count: 4,
      outcome: "ok",
      waitMs: 2,
      durationMs: 5,
    });
    metrics.onKitEvent({ kind: "dead-letter", actor, topic: "wake", reason: "full" });
    metrics.onKitEvent({ kind: "restarting", actor, reason: "crashed: boom", waitMs: 1 });
    metrics.onKitEvent({ kind: "escalated", actor: "commander", reason: "enough" });

    expect(await value('engine_actor_up{actor="analyst"}')).toBe(0);
    expect(await value('engine_actor_up{actor="harvester:oanda"}')).toBe(1);
    expect(await value('engine_actor_mailbox_depth{actor="analyst"}')).toBe(9);
    expect(
      await value('engine_actor_messages_total{actor="analyst",topic="wake",outcome="ok"}'),
    ).toBe(4);
    expect(
      await value(
        'engine_actor_messages_total{actor="analyst",topic="wake",outcome="dead-letter"}',
      ),
    ).toBe(1);
    expect(await value('engine_actor_restarts_total{actor="analyst",reason="crash"}')).toBe(1);
    expect(await value('engine_actor_restarts_total{actor="analyst",reason="heartbeat"}')).toBe(0);
    expect(await value('engine_actor_escalations_total{actor="commander"}')).toBe(1);
    expect(await metrics.text()).not.toMatch(/actor="[^"]*USDT/);
  });

  test("stay below 5,000 series with thousands of pairs and hostile labels", {
    timeout: 30_000,
  }, async () => {
    const { metrics, tell } = setUp();
    for (let n = 0; n < 5_000; n++) {
      const timeframe: Timeframe = n % 2 === 0 ? "15m" : "1h";
      tell(saved({ series: { exchange: "binance", pair: `P${n}/USDT`, timeframe } }));
    }
    for (let n = 0; n < 500; n++) {
      const actor = `odd${"x".repeat(n)}`;
      metrics.onKitEvent({ kind: "dead-letter", actor: `odd-${n}`, topic: `t${n}`, reason: "" });
      metrics.onKitEvent({ kind: "restarting", actor, reason: `r${n}`, waitMs: 0 });
      metrics.onStoreCall({ operation: `fn${n}`, outcome: "ok", durationMs: 1 });
      tell({
        kind: "verdict-given",
        signalId: "s",
        series: BTC,
        openTime: NOW,
        strategy: `s${n}`,
        side: "buy",
        decision: "refused",
        reasons: [`r${n}`],
        latencyMs: 1,
      });
    }
    const lines = (await metrics.text()).split("\n").filter((line) => /^[a-z]/.test(line));
    expect(lines.length).toBeLessThan(5_000);
  });
});
