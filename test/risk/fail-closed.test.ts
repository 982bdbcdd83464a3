import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALL_CHECKS } from "../../src/risk/checks/all.ts";
import type { ReviewInput } from "../../src/risk/input.ts";
import { type Review, review } from "../../src/risk/review.ts";
import { exitInput, reviewInput } from "../kit/builders.ts";

type Path = readonly string[];
const at = (path: string): Path => path.split(".");
const QUOTE = [
  "quote",
  "quote.value.bid",
  "quote.value.ask",
  "quote.ageMs",
  "limits.maxQuoteAgeMs",
];
const SIZE = ["quote", "quote.value.ask", "instrument", "instrument.quantityStep", "limits"];
const EQUITY = ["account", "account.equity", "account.equity.equity"];

/** For each check the parts of the input without which it must not pass. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "trading-halted": ["halts"],
  "signal-fresh": [
    "nowMs",
    "signal.closeTime",
    "signal.series.timeframe",
    "limits.maxSignalAgeFraction",
    "limits.maxSignalAgeMs",
  ],
  "window-complete": ["signal.missingInWindow"],
  "market-active": ["instrument", "instrument.active", "instrument.pair"],
  "clock-skew": ["clockSkew", "clockSkew.value", "clockSkew.ageMs", "limits.maxClockSkewMs"],
  spread: [...QUOTE, "limits.maxSpreadFraction"],
  "depth-for-size": [
    ...SIZE,
    "book",
    "book.value",
    "book.value.asks",
    "book.value.bids",
    "book.value.asks.0.price",
    "book.value.asks.0.quantity",
    "book.value.bids.0.price",
    "book.ageMs",
    "limits.maxSlippageFraction",
  ],
  "day-volume": ["day", "day.value.quoteVolume", "day.ageMs", "limits.minDayQuoteVolume"],
  "lot-rules": [...SIZE, "instrument.minQuantity", "instrument.minNotional"],
  "asset-exposure": [...SIZE, ...EQUITY, "workingAssetExposure", "limits.maxAssetExposureFraction"],
  "portfolio-exposure": [...SIZE, ...EQUITY, "portfolioExposure"],
  "account-exposure": [...SIZE, ...EQUITY, "workingExposure", "account.equity.exposure"],
  "open-positions": ["openPositions", "limits.maxOpenPositions"],
  "free-balance": [...SIZE, "account.freeCash", "instrument.takerFeeBps"],
  "daily-loss": [...EQUITY, "account.dayStartEquity", "limits.maxDailyLossFraction"],
  "trades-per-day": ["tradesToday", "limits.maxTradesPerDay"],
  cooldown: ["signal.series.timeframe", "limits.cooldownCandles"],
  drawdown: [...EQUITY, "account.peakEquity", "limits.maxDrawdownFraction"],
  "stop-sanity": [...SIZE, "signal.stopLoss", "limits.minStopFraction", "limits.maxStopFraction"],
  "working-order": ["workingBuys", "workingSells"],
  "account-currency": ["account.currency", "signal.series.pair"],
  "nothing-to-sell": ["position", "position.quantity"],
  "configuration-fresh": [
    "configuration",
    "configuration.ageMs",
    "configuration.maxAgeMs",
    "configuration.isRunning",
    "signal.config",
  ],
};

/** Ways in which a part can be wrong. */
const FAULTS: Readonly<Record<string, PropertyDescriptor>> = {
  missing: { value: undefined },
  "NaN as text": { value: "NaN" },
  NaN: { value: Number.NaN },
  "minus one": { value: -1 },
  "an object": { value: {} },
  "a thrown error": {
    get(): never {
      throw new Error("no answer");
    },
  },
  "a thrown text": {
    get(): never {
      // oxlint-disable-next-line typescript/only-throw-error -- exactly such libraries exist
      throw "no answer";
    },
  },
};

/** A deep copy of an input in which one part is broken. */
function broken(input: ReviewInput, path: Path, fault: PropertyDescriptor): ReviewInput {
  const copy = structuredClone(input);
  const parent = path.slice(0, -1).reduce<object>((part, key) => {
    return (part as Record<string, object>)[key] as object;
  }, copy);
  Object.defineProperty(parent, path.at(-1) ?? "", { enumerable: true, ...fault });
  return copy;
}

const failed = (answer: Review, check: string): boolean =>
  answer.decision === "refused" && answer.reasons.includes(check);

/** A clock may well be a millisecond behind. */
const isSound = (part: string, fault: string): boolean =>
  part === "clockSkew.value" && fault === "minus one";

const CASES = Object.entries(PARTS).flatMap(([check, parts]) =>
  parts.flatMap((part) =>
    Object.entries(FAULTS)
      .filter(([fault]) => !isSound(part, fault))
      .map(([fault, descriptor]) => ({ check, part, fault, descriptor })),
  ),
);

describe("every check fails closed", () => {
  test("all checks are put to it", () => {
    expect(Object.keys(PARTS).sort()).toEqual(ALL_CHECKS.map(({ name }) => name).sort());
  });

  test.each(CASES)("$check, when $part is $fault", ({ check, part, descriptor }) => {
    const sound = check === "nothing-to-sell" ? exitInput() : reviewInput();

    const answer = review(broken(sound, at(part), descriptor));

    expect(failed(answer, check)).toBe(true);
  });

  test.each([
    ["spread", "quote.ageMs", 10_001],
    ["depth-for-size", "book.ageMs", 10_001],
    ["depth-for-size", "quote.ageMs", 10_001],
    ["lot-rules", "quote.ageMs", 10_001],
    ["free-balance", "quote.ageMs", 10_001],
    ["day-volume", "day.ageMs", 1_800_001],
    ["clock-skew", "clockSkew.ageMs", 3_600_001],
  ])("%s, when its data is stale: %s of %i", (check, part, value) => {
    const [fresh, stale] = [value - 1, value].map((age) =>
      review(broken(reviewInput(), at(part), { value: age })),
    );

    expect(fresh?.decision).toBe("accepted");
    expect(stale === undefined ? false : failed(stale, check)).toBe(true);
  });

  test("day-volume passes where the venue says that it has no turnover, if the answer is fresh", () => {
    const none = (ageMs: number): ReviewInput =>
      reviewInput({ day: { value: { quoteVolume: null }, ageMs } });

    expect(review(none(60_000)).decision).toBe("accepted");
    expect(failed(review(none(1_800_001)), "day-volume")).toBe(true);
  });

  test.each(["asks", "bids"])("depth-for-size, when the %s are out of order or crossed", (side) => {
    const levels = [
      { price: "29000", quantity: "0.001" },
      { price: "31000", quantity: "9" },
    ];
    const shuffled = side === "asks" ? [...levels].reverse() : levels;
    const input = side === "asks" ? reviewInput() : exitInput();

    const answer = review(broken(input, ["book", "value", side], { value: shuffled }));

    expect(failed(answer, "depth-for-size")).toBe(true);
  });

  test("whatever is broken, the review answers and never throws", () => {
    const parts = [
      ...new Set(Object.values(PARTS).flat()),
      "signal",
      "signal.side",
      "signal.series",
    ];
    const faults = Object.values(FAULTS);
    fc.assert(
      fc.property(
        fc.constantFrom(...parts.filter((part) => !part.startsWith("position"))),
        fc.constantFrom(...faults),
        (part, fault) => review(broken(reviewInput(), at(part), fault)).decision.length > 0,
      ),
    );
    for (const nothing of [undefined, null, 7, {}]) {
      expect(review(nothing as unknown as ReviewInput).decision).toBe("refused");
    }
  });
});
