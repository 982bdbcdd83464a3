import { describe, expect, test } from "vitest";
import type { AnalystProtocol } from "../../../src/actors/analyst/protocol.ts";
import { seriesKey } from "../../../src/market/series.ts";
import type { Recorder } from "../../kit/recorder.ts";
import { BTC, ETH, started } from "./world.ts";

/** A commander whose series think with what a test says, and need as much history. */
async function world() {
  const needs = new Map([
    [seriesKey(BTC), { strategies: "a", candles: 500 }],
    [seriesKey(ETH), { strategies: "a", candles: 500 }],
  ]);
  const of = (series: typeof BTC) => needs.get(seriesKey(series));
  const common = await started([BTC, ETH], {
    strategiesOf: (series) => of(series)?.strategies ?? "",
    historyCandles: (series) => of(series)?.candles ?? 500,
  });
  const analyst = (series: typeof BTC): Recorder<AnalystProtocol> =>
    common.refs.get(`analyst:${seriesKey(series)}`) as Recorder<AnalystProtocol>;
  return { ...common, needs, analyst };
}

describe("a commander whose strategies change", () => {
  test("has those analysts begin anew that it concerns, and no others", async () => {
    const { commander, needs, analyst, harvester, clock } = await world();
    needs.set(seriesKey(BTC), { strategies: "b", candles: 500 });

    await commander.strategiesChanged();
    await commander.strategiesChanged();
    await clock.advance(60_000);

    expect(analyst(BTC).of("reload")).toEqual([{ reason: "other strategies" }]);
    expect(analyst(ETH).of("reload")).toEqual([]);
    expect(harvester("binance").of("follow").length).toBe(2);
  });

  test("switches at once, and has deeper history loaded and taken in behind it", async () => {
    const { commander, needs, analyst, harvester, states, clock, follows } = await world();
    needs.set(seriesKey(BTC), { strategies: "b", candles: 900 });
    follows.push({ kind: "waiting", reason: "the exchange does not answer" });

    await commander.strategiesChanged();
    expect(analyst(BTC).of("reload")).toEqual([{ reason: "other strategies" }]);
    await clock.advance(0);
    expect(analyst(BTC).of("reload").length).toBe(1);
    await clock.advance(5_000);

    const orders = harvester("binance").of("follow").slice(2);
    expect(orders).toMatchObject([
      { series: BTC, candles: 900 },
      { series: BTC, candles: 900 },
    ]);
    expect(analyst(BTC).of("reload")).toEqual([
      { reason: "other strategies" },
      { reason: "more history" },
    ]);
    expect((await states())[seriesKey(BTC)]).toBe("armed");
  });

  test("keeps deep history for strategies that need less", async () => {
    const { commander, needs, analyst, harvester } = await world();
    needs.set(seriesKey(BTC), { strategies: "b", candles: 60 });

    await commander.strategiesChanged();

    expect(analyst(BTC).of("reload").length).toBe(1);
    expect(harvester("binance").of("follow").length).toBe(2);
  });
});
