import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import { MINUTE, MONDAY } from "../builders.ts";

export function watchPromises(opened: { readonly store: Store }): void {
  const series = (pair: string) => ({ exchange: "oanda", pair, timeframe: "15m" }) as const;
  const followed = async () =>
    (await opened.store.watch.active())
      .filter(({ exchange }) => exchange === "oanda")
      .map(({ pair }) => pair)
      .toSorted();

  test("says once that it is used for the first time", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => opened.store.watch.firstUse()));

    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await opened.store.watch.firstUse()).toBe(false);
  });

  test("follows the union of all portfolios and keeps the history of it", async () => {
    const { watch } = opened.store;

    const added = await watch.add("fx", series("EUR/USD"), "ann", MONDAY);
    const again = await watch.add("fx", series("EUR/USD"), "ann", MONDAY + 1);
    await watch.add("other", series("EUR/USD"), "bob", MONDAY + 2);
    const union = await followed();
    const removed = await watch.remove(series("EUR/USD"), "cyd", MONDAY + 3);

    expect([added.added, again.added]).toEqual([true, false]);
    expect(again.series).toEqual(added.series);
    expect(added.series).toMatchObject({ ...series("EUR/USD"), newestOpenTime: null });
    expect(union).toEqual(["EUR/USD"]);
    expect(removed).toBe(true);
    expect(await watch.remove(series("EUR/USD"), "cyd", MONDAY + 4)).toBe(false);
    expect(await followed()).toEqual([]);
    const lines = (await watch.history(4)).map((line) => `${line.change} ${line.by} ${line.at}`);
    expect(lines.toSorted()).toEqual([
      `added ann ${MONDAY}`,
      `added bob ${MONDAY + 2}`,
      `removed cyd ${MONDAY + 3}`,
      `removed cyd ${MONDAY + 3}`,
    ]);
  });

  test("replaces what a portfolio follows, and keeps an empty one", async () => {
    const { watch } = opened.store;
    const save = (pairs: string[]) =>
      watch.savePortfolio({ name: "swap", series: pairs.map(series) }, "ann", MONDAY);

    await save(["GBP/USD", "USD/JPY"]);
    await save(["USD/JPY", "USD/CHF"]);
    const swapped = await followed();
    await save([]);

    expect(swapped).toEqual(["USD/CHF", "USD/JPY"]);
    const portfolios = await watch.portfolios();
    expect(portfolios.find(({ name }) => name === "swap")).toEqual({ name: "swap", series: [] });
  });

  test("gives a series its id back when it is followed again", async () => {
    const { watch } = opened.store;
    const before = await watch.add("back", series("AUD/USD"), "ann", MONDAY);
    await watch.remove(series("AUD/USD"), "ann", MONDAY);

    const after = await watch.add("back", series("AUD/USD"), "ann", MONDAY);

    expect(after.series.id).toBe(before.series.id);
  });

  test("moves the mark of what is evaluated forward only", async () => {
    const { watch } = opened.store;
    const { id } = (await watch.add("marks", series("NZD/USD"), "ann", MONDAY)).series;

    await watch.markEvaluated([{ seriesId: id, openTime: MONDAY + MINUTE }]);
    await watch.markEvaluated([{ seriesId: id, openTime: MONDAY }]);

    const known = (await watch.active()).find((one) => one.id === id);
    expect(known?.evaluatedTo).toBe(MONDAY + MINUTE);
  });

  test("has a revision that changes with the list, and with nothing else", async () => {
    const { watch } = opened.store;
    const euro = series("EUR/CHF");
    const seen: string[] = [];
    const look = async () => seen.push(await watch.revision());

    await look();
    const { id } = (await watch.add("seen", euro, "ann", MONDAY)).series;
    await look();
    await watch.add("seen", euro, "bob", MONDAY);
    await watch.markEvaluated([{ seriesId: id, openTime: MONDAY }]);
    await look();
    await watch.add("seen too", euro, "ann", MONDAY);
    await look();
    await watch.remove(euro, "ann", MONDAY);
    await look();

    const [before, added, same, shared, after] = seen;
    expect(same).toBe(added);
    expect(after).toBe(before);
    expect(new Set([before, added, shared]).size).toBe(3);
  });

  test("refuses what is no series", async () => {
    const { watch } = opened.store;
    const odd = { exchange: "Binance", pair: "BTC/USDT", timeframe: "1m" } as const;

    const answer = watch.add("odd", odd, "ann", MONDAY);

    await expect(answer).rejects.toMatchObject({ fault: "refused", reason: "bad-series" });
  });
}
