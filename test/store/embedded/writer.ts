import { openStore } from "../../../src/store/open.ts";
import { haltOrder } from "../../kit/halts.ts";
import { BTC_1M, candleRow, MONDAY } from "../builders.ts";

// A hub of its own process: opens the store of a folder, halts, writes candles without end and tells
// each one that was acknowledged. It is meant to be killed.
const [dataDir = "", migrationsDir = ""] = process.argv.slice(2);
const { store } = await openStore({ dataDir, migrationsDir, log: () => {} });
await store.trade.halt(haltOrder({ by: "writer", reason: "about to be killed" }), MONDAY);
const { series } = await store.watch.add("kill", BTC_1M, "writer", MONDAY);
for (let place = 0; ; place += 1) {
  await store.candles.upsert("1m", [candleRow(series.id, place)]);
  process.stdout.write(`${place}\n`);
}
