import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../src/market/verdict.ts";
import { type Review, review } from "../../src/risk/review.ts";
import { limits, reviewInput } from "../kit/builders.ts";
import { BOUNDARIES } from "./boundaries.ts";

const found = (name: string, { checks }: Review): CheckResult | undefined =>
  checks.find(({ check }) => check === name);

describe("a review", () => {
  test.each(BOUNDARIES)(
    "%s passes at the limit and refuses beyond: %s",
    (name, _what, within, beyond) => {
      const [passes, refuses] = [review(within), review(beyond)];

      expect(found(name, passes)).toMatchObject({ passed: true });
      expect(found(name, refuses)).toMatchObject({ passed: false });
      expect("reasons" in refuses ? refuses.reasons : []).toContain(name);
    },
  );

  test("refuses for one reason alone where nothing else is wrong", () => {
    const sound = BOUNDARIES.filter(([, , within]) => review(within).decision === "accepted");

    const reasons = sound.map(([name, , , beyond]) => [name, review(beyond)] as const);

    const alone = reasons.filter(([name, answer]) => {
      return answer.decision === "refused" && answer.reasons.join() === name;
    });
    expect(new Set(alone.map(([name]) => name)).size).toBeGreaterThanOrEqual(19);
  });

  test("takes its limits from the input", () => {
    const strict = limits({ maxSpreadFraction: 0.00001 });

    expect(review(reviewInput({ limits: strict }))).toMatchObject({ reasons: ["spread"] });
  });
});
