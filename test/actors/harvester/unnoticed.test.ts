import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UNNOTICED, unnoticed } from "../../../src/actors/harvester/unnoticed.ts";
import { candleAt } from "../../kit/fake-market.ts";
import { setUp, span } from "./world.ts";

const MINUTE_MS = 60_000;
const ALWAYS = (): boolean => true;
const minutes = (...ns: readonly number[]): number[] => ns.map((n) => n * MINUTE_MS);

/** What is known of a series: of which minutes there are candles, and of which a word. */
function known(stored: readonly number[], missing: readonly number[], empty: readonly number[]) {
  return {
    candles: minutes(...stored).map((at) => candleAt(at)),
    missing: minutes(...missing),
    empty: minutes(...empty),
  };
}

const found = (...known_: Parameters<typeof known>): number[] =>
  unnoticed(known(...known_), "1m", ALWAYS).map(({ openTime }) => openTime);

describe("the look for candles that lack without a word", () => {
  test("finds those between two stored ones, and not what is known to be missing or empty", () => {
    expect(found([1, 2, 5, 8], [3], [6])).toEqual(minutes(4, 7));
  });

  test("finds nothing where nothing, or one candle, is stored", () => {
    expect([found([], [], []), found([7], [], [])]).toEqual([[], []]);
  });

  test("does not miss what could not be traded", () => {
    const isTraded = (at: number): boolean => at !== 3 * MINUTE_MS;

    expect(unnoticed(known([2, 5], [], []), "1m", isTraded)).toEqual([
      { openTime: 4 * MINUTE_MS, reason: UNNOTICED },
    ]);
  });

  test("leaves every minute from the first candle to the newest stored, noted or found, once", () => {
    const fates = fc.array(fc.constantFrom("stored", "missing", "empty", "nothing"), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(fates, (drawn) => {
        const all = ["stored", ...drawn, "stored"];
        const at = (fate: string): number[] => all.flatMap((one, n) => (one === fate ? [n] : []));

        expect(found(at("stored"), at("missing"), at("empty"))).toEqual(minutes(...at("nothing")));
      }),
    );
  });
});

describe("a series in whose past candles lack that nobody took note of", () => {
  test("has them told and filled when it is followed", async () => {
    const { follow, db, at, stored, gap, events } = setUp();
    db.put(
      1,
      [...span(-12, -9), ...span(-6, -1)].map((n) => candleAt(at(n))),
    );

    await follow();

    expect([stored(), gap(-8), gap(-7)]).toEqual([span(-12, -1), "healed", "healed"]);
    const told = events.flatMap((e) => ("openTime" in e ? [[e.kind, e.openTime]] : []));
    expect(told).toEqual([
      ["gap-opened", at(-8)],
      ["gap-opened", at(-7)],
      ["gap-healed", at(-8)],
      ["gap-healed", at(-7)],
    ]);
  });

  test("has those told as empty that the exchange does not have, and is not searched again", async () => {
    const { follow, db, at, gap, market, harvester, followed } = setUp();
    db.put(
      1,
      [...span(-12, -8), ...span(-6, -1)].map((n) => candleAt(at(n))),
    );
    market.lacks.add(at(-7));

    await follow();
    harvester.forget(followed);
    await follow();

    expect(gap(-7)).toBe("empty");
    expect(market.requests.at(-1)).toMatchObject({ sinceMs: at(-4) });
  });
});
