import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ALL_CHECKS } from "../../src/risk/checks/all.ts";
import { clientOrderIdOf } from "../../src/risk/client-order-id.ts";
import { riskLimitsSchema } from "../../src/risk/limits.ts";
import { review } from "../../src/risk/review.ts";
import { exitInput, instrument, position, reviewInput, signal } from "../kit/builders.ts";
import { halt } from "../kit/halts.ts";

describe("a review", () => {
  test("accepts a sound buy, sized and with its money set aside", () => {
    const answer = review(reviewInput());

    expect(answer).toMatchObject({
      decision: "accepted",
      // floor(0.1 × 10000 / 30001 / 0.00001) steps
      quantity: "0.03333",
      // 0.03333 × 30001 × 1.001
      reservedQuote: "1000.93326333",
      order: {
        clientOrderId: "hub-5f0c1d2e3a4b5c6d7e8f90a1b2c3",
        origin: "signal",
        signalId: signal().id,
        portfolio: "main",
        exchange: "binance",
        pair: "BTC/USDT",
        side: "buy",
        quantity: "0.03333",
        referencePrice: "30001",
        strategy: "ema-cross",
        stopLoss: "29400",
        takeProfit: "31200",
      },
    });
  });

  test("accepts the sell of a whole position, rounded down to the venue's step, setting nothing aside", () => {
    const held = position({ quantity: "0.049957" });

    const answer = review(exitInput({ position: held }));

    expect(answer).toMatchObject({ decision: "accepted", quantity: "0.04995", reservedQuote: "0" });
    expect(answer).toMatchObject({ order: { side: "sell", referencePrice: "29999" } });
    expect(answer).not.toHaveProperty("order.stopLoss");
  });

  test("records every check, in the same order, whatever the answer", () => {
    const names = ALL_CHECKS.map(({ name }) => name);
    const answers = [
      review(reviewInput()),
      review(exitInput()),
      review(reviewInput({ quote: undefined, day: undefined, instrument: undefined })),
    ];

    for (const { checks } of answers) expect(checks.map(({ check }) => check)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });

  test("lets a sell pass the checks that guard only the way in", () => {
    const broke = exitInput({
      tradesToday: 10_000,
      day: undefined,
      lastClosedAt: exitInput().nowMs,
      portfolioExposure: "1000000",
      account: {
        ...exitInput().account,
        freeCash: "0",
        equity: { equity: "10", openPnl: "-9990", exposure: "10", exposureByAsset: {} },
      },
    });

    const answer = review(broke);

    expect(answer.decision).toBe("accepted");
    const skipped = answer.checks.filter(({ detail }) => detail === "not applicable to a sell");
    expect(skipped.map(({ check }) => check)).toEqual(
      ALL_CHECKS.filter(({ isEntryOnly }) => isEntryOnly).map(({ name }) => name),
    );
  });

  test("while halted refuses buys and lets a sell of what is held go on", () => {
    const halts = [halt()];

    expect(review(reviewInput({ halts }))).toMatchObject({ reasons: ["trading-halted"] });
    expect(review(exitInput({ halts }))).toMatchObject({ decision: "accepted" });
    expect(review(exitInput({ halts, position: undefined })).decision).toBe("refused");
  });

  test("names every reason of a refusal", () => {
    const answer = review(
      reviewInput({
        openPositions: 8,
        tradesToday: 200,
        instrument: instrument({ active: false }),
      }),
    );

    expect(answer).toMatchObject({
      reasons: ["market-active", "open-positions", "trades-per-day"],
    });
  });

  test("can be worked out again from its stored input", () => {
    for (const input of [reviewInput(), exitInput(), reviewInput({ quote: undefined })]) {
      const stored = JSON.parse(JSON.stringify(input)) as typeof input;

      expect(review(stored)).toEqual(review(input));
      expect(review(input)).toEqual(review(input));
    }
  });

  test("sells at most the venue's largest quantity, so that an exit is never stuck", () => {
    const small = instrument({ maxQuantity: "0.02" });

    expect(review(exitInput({ instrument: small }))).toMatchObject({ quantity: "0.02" });
  });
});

describe("a client order id", () => {
  test("is the same for the same signal, short and plain", () => {
    const id = clientOrderIdOf("a".repeat(64));

    expect(id).toBe(`hub-${"a".repeat(28)}`);
    expect(id).toMatch(/^[A-Za-z0-9-]{1,32}$/);
    expect(clientOrderIdOf("x1")).toBe("hub-x1");
  });

  test.each(["", "a b", "a/b", "ü"])("is not made from %j", (id) => {
    expect(() => clientOrderIdOf(id)).toThrow(RangeError);
    expect(review(reviewInput({ signal: signal({ id }) }))).toMatchObject({
      reasons: ["no-order"],
    });
  });
});

describe("the gatekeeper's page", () => {
  const page = readFileSync(new URL("../../docs/gatekeeper.md", import.meta.url), "utf8");

  test("lists every check, in order", () => {
    const listed = [...page.matchAll(/^\| \d+ \| `([a-z-]+)`/gm)].map(([, name]) => name);
    expect(listed).toEqual(ALL_CHECKS.map(({ name }) => name));
  });

  test("states every limit with its default", () => {
    const defaults = Object.entries(riskLimitsSchema.parse({}));
    const unstated = defaults.filter(([name, value]) => !page.includes(`\`${name}\` ${value}`));
    expect(unstated).toEqual([]);
  });
});
