import { expect, test } from "vitest";
import { halt, haltOrder } from "../kit/halts.ts";
import { setUp } from "./kit.ts";

test("halts are shown by what they hold back, and told apart by who wanted them", async () => {
  const { metrics, tell, value } = setUp();
  const whole = (reason: string) =>
    value(`engine_trading_halted{portfolio="all",reason="${reason}"}`);
  const global = 'engine_halts{scope="global",mode="reduce-only",cause="operator"}';

  metrics.setHalts([halt(), halt({ scope: { kind: "exchange", exchange: "kraken" } })]);
  tell({ kind: "trading-halted", ...haltOrder() });
  expect([await whole("operator"), await whole("risk"), await value(global)]).toEqual([1, 0, 1]);
  expect(await value('engine_halts_total{mode="reduce-only",cause="operator"}')).toBe(1);

  metrics.setHalts([halt({ cause: "drawdown", mode: "flatten" })]);
  expect([await whole("operator"), await whole("risk")]).toEqual([0, 1]);
  expect(await value(global)).toBeUndefined();

  metrics.setHalts([]);
  expect([await whole("operator"), await whole("risk")]).toEqual([0, 0]);
});
