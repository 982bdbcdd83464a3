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
    [{ max_position_size: 0.05, stakeFraction: 0.04 }, /stakeFraction: says the same as max_pos/],
    [{ maxDailyLossFraction: 0.01, max_daily_loss: 0.02 }, /says the same as maxDailyLoss/],
    [{ minStopFraction: 0.1, maxStopFraction: 0.05 }, /minStopFraction: leaves no stop between/],
  ])("are refused with the name at fault: %j", (raw, reason) => {
    const reading = readVaultLimits(BASE, raw);

    expect(reading.kind).toBe("refused");
    expect(reading.kind === "refused" ? reading.reason : "").toMatch(reason);
  });

  test.each(Object.keys(BASE) as (keyof typeof BASE)[])(
    "may make %s stricter and never wider",
    (limit) => {
      const isFloor = ["minDayQuoteVolume", "cooldownCandles", "minStopFraction"].includes(limit);
      const step = Number.isInteger(BASE[limit]) ? 1 : BASE[limit] / 10;
      const [stricter, wider] = isFloor ? [step, -step] : [-step, step];

      const tight = readVaultLimits(BASE, { [limit]: BASE[limit] + stricter });
      const wide = readVaultLimits(BASE, { [limit]: BASE[limit] + wider });

      // A limit that stands at its least cannot be stricter.
      expect(tight.kind === "read" || BASE[limit] === 1).toBe(true);
      expect(wide).toMatchObject({
        kind: "refused",
        reason: expect.stringMatching(`risk_limits.${limit}: `) as string,
      });
    },
  );
});
