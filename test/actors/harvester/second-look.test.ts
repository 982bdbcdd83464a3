import { expect, test } from "vitest";
import { setUp, span } from "./world.ts";

test.each(["holey", "corrupt", "nameless"] as const)(
  "a page of the past that is %s is asked for a second time before it is believed",
  async (step) => {
    const { follow, market, db, stored } = setUp();
    market.script.push(step);

    const answer = await follow();

    expect(answer).toEqual({ kind: "ready", candles: 10 });
    expect([stored(), db.notes.size, market.requests.length]).toEqual([span(-10, -1), 0, 2]);
  },
);

test("a page of the past with nothing amiss is asked for once", async () => {
  const { follow, market } = setUp();

  await follow();

  expect(market.requests).toHaveLength(1);
});
