import { describe, expect, test } from "vitest";
import { isEnded, mayBecome, type OrderState } from "../../src/market/order.ts";

const STATES: readonly OrderState[] = [
  "created",
  "unknown",
  "open",
  "filled",
  "cancelled",
  "rejected",
];
const ENDED = ["filled", "cancelled", "rejected"];

/** All states that can follow from one, over any number of steps. */
function reachable(from: OrderState): Set<OrderState> {
  const seen = new Set<OrderState>();
  const visit = (state: OrderState): void => {
    for (const next of STATES.filter((to) => mayBecome(state, to) && !seen.has(to))) {
      seen.add(next);
      visit(next);
    }
  };
  visit(from);
  return seen;
}

describe("an order", () => {
  test.each(STATES)("that is %s is final exactly when nothing can follow", (state) => {
    expect(isEnded(state)).toBe(ENDED.includes(state));
    expect(reachable(state).size === 0).toBe(isEnded(state));
  });

  test.each(["created", "unknown", "open"] as const)("that is %s can still end", (state) => {
    expect([...reachable(state)].some(isEnded)).toBe(true);
  });

  test("is not rejected once the venue has taken it, nor unsent again", () => {
    expect(mayBecome("open", "rejected")).toBe(false);
    expect(mayBecome("open", "created")).toBe(false);
  });

  test("of unknown outcome may turn out to be anything, unsent too", () => {
    const outcomes = STATES.filter((to) => mayBecome("unknown", to));
    expect(outcomes).toEqual(["created", "open", ...ENDED]);
  });
});
