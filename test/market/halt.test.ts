import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  flattening,
  forbidding,
  globalHalt,
  HALT_CAUSES,
  HALT_MODES,
  type Halt,
  type HaltScope,
  isScope,
  isWithin,
  scopeKey,
  strictest,
} from "../../src/market/halt.ts";
import { halt } from "../kit/halts.ts";

const name = fc.constantFrom("a", "b");
const scope: fc.Arbitrary<HaltScope> = fc.oneof(
  fc.constant({ kind: "global" } as const),
  fc.record({ kind: fc.constant("exchange" as const), exchange: name }),
  fc.record({ kind: fc.constant("pair" as const), exchange: name, pair: name }),
  fc.record({ kind: fc.constant("strategy" as const), strategy: name }),
  fc.record({ kind: fc.constant("portfolio" as const), portfolio: name }),
);
const anyHalt: fc.Arbitrary<Halt> = fc.record({
  scope,
  mode: fc.constantFrom(...HALT_MODES),
  cause: fc.constantFrom(...HALT_CAUSES),
  by: name,
  reason: name,
  at: fc.nat(5),
});
const order = fc.record({
  exchange: name,
  pair: name,
  strategy: name,
  portfolio: name,
  side: fc.constantFrom("buy" as const, "sell" as const),
});

/** What the table in docs/gatekeeper.md says, written as a table once more. */
const FORBIDDEN = {
  "no-entries": { opening: true, adding: false, selling: false },
  "reduce-only": { opening: true, adding: true, selling: false },
  flatten: { opening: true, adding: true, selling: false },
  quarantine: { opening: true, adding: true, selling: true },
} as const;

describe("a halt", () => {
  test("forbids what its mode says, within its scope and nowhere else", () => {
    fc.assert(
      fc.property(fc.array(anyHalt), order, fc.boolean(), (halts, one, isHolding) => {
        const opensOrAdds = isHolding ? "adding" : "opening";
        const deed = one.side === "sell" ? "selling" : opensOrAdds;
        const expected = halts.filter(
          (stands) => isWithin(stands.scope, one) && FORBIDDEN[stands.mode][deed],
        );
        const found = forbidding(halts, one, isHolding);

        expect(found === undefined).toBe(expected.length === 0);
        expect(found === undefined || expected.includes(found)).toBe(true);
      }),
    );
  });

  test("that is lifted never forbids more than before", () => {
    fc.assert(
      fc.property(fc.array(anyHalt, { minLength: 1 }), order, fc.boolean(), (halts, one, held) => {
        const fewer = forbidding(halts.slice(1), one, held) !== undefined;
        expect(!fewer || forbidding(halts, one, held) !== undefined).toBe(true);
      }),
    );
  });

  test("of everything is told by the strictest of its kind, the oldest first", () => {
    const mild = halt({ at: 1 });
    const strict = halt({ at: 3, mode: "flatten" });
    const stricter = halt({
      at: 4,
      mode: "quarantine",
      scope: { kind: "exchange", exchange: "a" },
    });

    expect(globalHalt([mild, strict, stricter])).toBe(strict);
    expect(strictest([mild, strict, stricter])).toBe(stricter);
    expect(strictest([halt({ at: 9 }), mild])).toBe(mild);
    expect(globalHalt([stricter])).toBeUndefined();
  });

  test("ends what is held, unless nobody knows what that is", () => {
    const held = { exchange: "a", pair: "b", strategy: "a", portfolio: "b" };
    const flatten = halt({ mode: "flatten", scope: { kind: "strategy", strategy: "a" } });
    const quarantine = halt({
      mode: "quarantine",
      scope: { kind: "pair", exchange: "a", pair: "b" },
    });

    expect(flattening([halt(), flatten], held)).toBe(flatten);
    expect(flattening([flatten], { ...held, strategy: "b" })).toBeUndefined();
    expect(flattening([flatten, quarantine], held)).toBeUndefined();
  });

  test("has a scope that is known by its name alone", () => {
    fc.assert(
      fc.property(scope, scope, (a, b) => {
        expect(isScope(a)).toBe(true);
        expect(scopeKey(a) === scopeKey(b)).toBe(
          Object.entries({ ...a, ...b }).every(([key, value]) => Reflect.get(a, key) === value) &&
            Object.keys(a).length === Object.keys({ ...a, ...b }).length &&
            a.kind === b.kind,
        );
      }),
    );
    expect(
      [null, "global", {}, { kind: "pair", exchange: "a" }, { kind: "moon" }].map(isScope),
    ).toEqual([false, false, false, false, false]);
  });
});
