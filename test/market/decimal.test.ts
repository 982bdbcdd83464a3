import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decimal,
  floorToStep,
  isDecimalText,
  roundToStep,
  text,
} from "../../src/market/decimal.ts";
import { CurrencyMismatch, Money, Price, Quantity } from "../../src/market/money.ts";

const PLACES = 12n;
const SCALE = 10n ** PLACES;

/** A whole number of 1e-12 as plain text: the independent way of being exact. */
function written(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(Number(PLACES) + 1, "0");
  const whole = `${digits.slice(0, -Number(PLACES))}.${digits.slice(-Number(PLACES))}`;
  return (units < 0n ? "-" : "") + whole.replace(/\.?0+$/, "");
}
const units = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const above = fc.bigInt({ min: 1n, max: 10n ** 25n });

describe("exact decimals", () => {
  test("come back from text as they went in", () => {
    fc.assert(
      fc.property(units, (n) => {
        expect(text(decimal(written(n)))).toBe(n === 0n ? "0" : written(n));
        expect(isDecimalText(written(n))).toBe(true);
      }),
    );
  });

  test("add, subtract and multiply without losing a digit", () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        const [x, y] = [decimal(written(a)), decimal(written(b))];
        expect(x.plus(y).eq(decimal(written(a + b)))).toBe(true);
        expect(x.minus(y).eq(decimal(written(a - b)))).toBe(true);
        expect(
          x
            .times(y)
            .times(SCALE.toString())
            .eq(decimal(written(a * b))),
        ).toBe(true);
      }),
    );
  });

  test("read numbers by their shortest text", () => {
    expect(text(decimal(0.1).plus(decimal(0.2)))).toBe("0.3");
    expect(text(decimal(1e-7))).toBe("0.0000001");
    expect(text(decimal(1e21))).toBe("1000000000000000000000");
  });

  test.each(["", " 1", "1.", ".5", "1e3", "+1", "0x10", "NaN", "Infinity", "1,5", "١"])(
    "are not read from %j",
    (value) => {
      expect(() => decimal(value)).toThrow(RangeError);
      expect(isDecimalText(value)).toBe(false);
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("are not read from %s", (value) => {
    expect(() => decimal(value)).toThrow(RangeError);
    expect(isDecimalText(value)).toBe(false);
  });
});

describe("rounding to a step", () => {
  test("downwards never exceeds the value, and leaves less than a step", () => {
    fc.assert(
      fc.property(above, above, (a, b) => {
        const [value, step] = [decimal(written(a)), decimal(written(b))];
        const floored = floorToStep(value, step);
        expect(floored.eq(decimal(written((a / b) * b)))).toBe(true);
        expect(floorToStep(floored, step).eq(floored)).toBe(true);
      }),
    );
  });

  test("downwards is exact where a quotient would round up", () => {
    const value = decimal(`0.${"9".repeat(45)}`);
    expect(text(floorToStep(value, decimal("1")))).toBe("0");
  });

  test("to the nearest stays within half a step, halves away from zero", () => {
    fc.assert(
      fc.property(above, above, (a, b) => {
        const nearest = ((2n * a + b) / (2n * b)) * b;
        const rounded = roundToStep(decimal(written(a)), decimal(written(b)));
        expect(rounded.eq(decimal(written(nearest)))).toBe(true);
      }),
    );
  });
});

describe("money, quantities and prices", () => {
  test("keep sums exact: what was added can be taken away again", () => {
    fc.assert(
      fc.property(units, units, above, above, (a, b, p, q) => {
        const [x, y] = [Money.of(written(a), "USDT"), Money.of(written(b), "USDT")];
        expect(x.plus(y).minus(y).compare(x)).toBe(0);
        expect(Math.sign(x.compare(y))).toBe(a < b ? -1 : a > b ? 1 : 0);
        const value = Price.of(written(p), "BTC", "USDT").times(Quantity.of(written(q), "BTC"));
        expect(value.amount.times(SCALE.toString()).eq(decimal(written(p * q)))).toBe(true);
        expect(value.currency).toBe("USDT");
      }),
    );
  });

  test("do not mix", () => {
    const [usdt, eur] = [Money.of("1", "USDT"), Money.of("1", "EUR")];
    const [btc, eth] = [Quantity.of("1", "BTC"), Quantity.of("1", "ETH")];

    expect(() => usdt.plus(eur)).toThrow(CurrencyMismatch);
    expect(() => usdt.minus(eur)).toThrow(CurrencyMismatch);
    expect(() => usdt.compare(eur)).toThrow("USDT and EUR do not add");
    expect(() => btc.plus(eth)).toThrow(CurrencyMismatch);
    expect(() => Price.of("1", "BTC", "USDT").times(eth)).toThrow(CurrencyMismatch);
  });

  test("have the signs they must have", () => {
    expect(() => Quantity.of("-0.1", "BTC")).toThrow(RangeError);
    expect(() => Quantity.of("1", "BTC").minus(Quantity.of("1.1", "BTC"))).toThrow(RangeError);
    expect(Quantity.of("1", "BTC").minus(Quantity.of("1", "BTC")).isZero()).toBe(true);
    for (const price of ["0", "-1"]) {
      expect(() => Price.of(price, "BTC", "USDT")).toThrow(RangeError);
    }
  });

  test("print with their unit", () => {
    expect(String(Money.of("-12.50", "USDT").times("2"))).toBe("-25 USDT");
    expect(String(Quantity.of("0.10", "BTC").plus(Quantity.of("1", "BTC")))).toBe("1.1 BTC");
    expect(String(Price.of("30000.10", "BTC", "USDT"))).toBe("30000.1 USDT/BTC");
  });
});
