import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import { candleRow } from "../builders.ts";
import { proven, written } from "../ledger/world.ts";

export function ledgerPromises(opened: { readonly store: Store }): void {
  test("gives every row back with its proof, to the last bit", async () => {
    const series = { exchange: "binance", pair: "PROOF/USDT", timeframe: "1m" } as const;
    const odd = { open: 0.1 + 0.2, high: 0.5, low: 1e-9, close: 1 / 3, volume: 123456789.12345679 };
    await written(opened.store, series, [
      (id) => [candleRow(id, 1), candleRow(id, 0, { ...odd, source: "backfill", attempt: 3 })],
      (id) => [candleRow(id, 1, { volume: 5 })],
    ]);

    const report = await proven(opened.store, series);

    expect(report).toEqual({ rows: 3, comparedWith: null, findings: [] });
  });
}
