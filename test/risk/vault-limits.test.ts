import { describe, expect, test } from "vitest";
import { riskLimitsSchema } from "../../src/risk/limits.ts";
import { readVaultLimits } from "../../src/risk/vault-limits.ts";

const BASE = riskLimitsSchema.parse({});

describe("limits of the vault", () => {
  test("lie over the hub's, under the vault's names or the hub's", () => {
    const raw = {
      max_position_size: 0.05,
      max_daily_loss: 0.02,
      max_trades_per_day: 10,
      cooldownCandles: 3,
    };

    expect(readVaultLimits(BASE, raw)).toEqual({
      kind: "read",
      limits: {
        ...BASE,
        stakeFraction: 0.05,
        maxDailyLossFraction: 0.02,
        maxTradesPerDay: 10,
        cooldownCandles: 3,
      },
    });
    expect(readVaultLimits(BASE, {})).toEqual({ kind: "read", limits: BASE });
  });

  test.each([
    [{ max_daily_loss: 2 }, /risk_limits.max_daily_loss/],
    [{ max_position_size: -0.1 }, /risk_limits.max_position_size/],
    [{ max_position_size: 0 }, /risk_limits.max_position_size/],
    [{ max_trades_per_day: "10" }, /risk_limits.max_trades_per_day/],
    [{ max_trades_per_day: 1.5 }, /risk_limits.max_trades_per_day/],
    [{ max_daily_loss: null }, /risk_limits.max_daily_loss/],
    [{ max_losses: 3 }, /risk_limits.max_losses: is no limit/],
    [{ constructor: 1 }, /risk_limits.constructor: is no limit/],
  ])("are refused with the name at fault: %j", (raw, reason) => {
    const reading = readVaultLimits(BASE, raw);

    expect(reading.kind).toBe("refused");
    expect(reading.kind === "refused" ? reading.reason : "").toMatch(reason);
  });
});
