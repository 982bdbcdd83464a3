import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import { DAY, MINUTE, MONDAY } from "../builders.ts";

/** Years after all that other tests mark. */
const THEN = Date.UTC(2031, 5, 2);

export function equityPromises(opened: { readonly store: Store }): void {
  const days = (from: number) => opened.store.trade.equityDays(from);

  test("notes what the account was worth day by day, each opened by the mark before it", async () => {
    const { trade } = opened.store;
    await trade.openAccount("paper", "USDT", "10000.50", MONDAY);
    await trade.mark("100", THEN - DAY + MINUTE);
    for (const [equity, at] of [
      ["100.000000000000000001", 0],
      ["130.5", MINUTE],
      ["90", 2 * MINUTE],
      ["110", 3 * MINUTE],
    ] as const) {
      await trade.mark(equity, THEN + at);
    }
    await trade.mark("111", THEN + DAY);

    expect(await days(THEN)).toEqual([
      expect.objectContaining({ day: THEN - DAY, close: "100" }),
      {
        day: THEN,
        open: "100",
        high: "130.5",
        low: "90",
        close: "110",
        flow: "0",
        markedAt: THEN + 3 * MINUTE,
      },
      expect.objectContaining({ day: THEN + DAY, open: "110", low: "110", close: "111" }),
    ]);
  });

  test("takes a mark as often as it comes, and a late one for no close", async () => {
    const { trade } = opened.store;
    const before = await days(THEN);

    await trade.mark("110", THEN + 3 * MINUTE);
    await trade.mark("90", THEN + 2 * MINUTE);

    expect(await days(THEN)).toEqual(before);
    await trade.mark("200", THEN + MINUTE);
    expect((await days(THEN))[1]).toMatchObject({ high: "200", low: "90", close: "110" });
  });

  test("tells them in pages, none twice and none passed over", async () => {
    const { trade } = opened.store;
    const first = THEN + 10 * DAY;
    const count = 1_001;
    for (let i = 0; i < count; i += 50) {
      const some = Array.from({ length: Math.min(50, count - i) }, (_, k) => i + k);
      await Promise.all(some.map((n) => trade.mark(String(100 + n), first + n * DAY)));
    }

    const told = await days(first);

    expect(told.map(({ day }) => day)).toEqual([
      THEN + DAY,
      ...Array.from({ length: count }, (_, i) => first + i * DAY),
    ]);
    expect(told.at(-1)?.close).toBe("1100");
  }, 30_000);
}
