import { describe, expect, test } from "vitest";
import { askFake } from "./fake-hub.ts";

const TO = Date.UTC(2026, 0, 31);
const FROM = Date.UTC(2026, 0, 1);
const one = { n: 11, from: FROM, to: TO, reason: null };
const body = {
  period: "30d",
  from: FROM,
  to: TO,
  currency: "USDT",
  asOf: TO,
  figures: [
    { ...one, definitionId: "hub.net_profit", unit: "money", value: 30 },
    { ...one, definitionId: "hub.sharpe", unit: "ratio", value: null, reason: "too_short" },
    { ...one, definitionId: "hub.max_drawdown_trough_at", unit: "instant", value: FROM },
    { ...one, definitionId: "ft.p_value", unit: "fraction", value: 0.752_982_49 },
  ],
};

const ask = (...argv: readonly string[]) =>
  askFake(["performance", ...argv], "GET /api/v1/performance", { body });

describe("hub performance", () => {
  test("lists each figure with its value, or why there is none", async () => {
    const { exitCode, out, asked } = await ask("--period", "90d");

    expect(exitCode).toBe(0);
    expect(asked.map(({ path }) => path)).toEqual(["/api/v1/performance?period=90d"]);
    expect(out.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["2026-01-01 00:00:00Z to 2026-01-31 00:00:00Z"],
      ["figure", "value", "in", "of"],
      ["hub.net_profit", "30", "USDT", "11"],
      ["hub.sharpe", "- (too_short)", "ratio", "11"],
      ["hub.max_drawdown_trough_at", "2026-01-01 00:00:00Z", "instant", "11"],
      ["ft.p_value", "0.752982", "fraction", "11"],
    ]);
  });

  test("refuses a period that there is not, in one line", async () => {
    const { exitCode, err, asked } = await ask("--period", "31d");

    expect(exitCode).toBe(2);
    expect(err).toMatch(/24h, 7d, 30d, 90d, 1y, all/);
    expect(asked).toEqual([]);
  });
});
