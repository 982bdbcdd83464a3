import { once } from "node:events";
import { isEnded } from "../../../src/market/order.ts";
import { openStore } from "../../../src/store/open.ts";
import type { QueueItem } from "../../../src/store/trade-port.ts";
import {
  accepted,
  candleRow,
  fill,
  filledStep,
  MINUTE,
  MONDAY,
  refused,
  traderFence,
} from "../builders.ts";
import { cashOf } from "./acknowledged.ts";

// A hub's way with its store in a process of its own: writes candles, and takes signals to filled
// orders, without end. Tells each call that has returned, on a line of its own. Meant to be killed.
const [dataDir = "", migrationsDir = "", name = ""] = process.argv.slice(2);
const tell = (...words: readonly unknown[]): void =>
  void process.stdout.write(`${words.join(" ")}\n`);

tell("loaded");
await once(process.stdin, "data"); // starting Node takes longer than anything that follows
const { store } = await openStore({ dataDir, migrationsDir, log: () => {} });
const { trade, candles, watch } = store;
const [series] = await watch.active();
if (series === undefined) throw new Error("nothing is followed");
const { id: seriesId, newestOpenTime: newest } = series;
const fence = await traderFence(store);
tell("open");
await Promise.race([writeCandles(), tradeOn()]);

async function writeCandles(): Promise<never> {
  let place = newest === null ? 0 : (newest - MONDAY) / MINUTE + 1;
  for (let size = 1; ; size = (size % 5) + 1) {
    const places = Array.from({ length: size }, (_, i) => place + i);
    await candles.upsert(
      "1m",
      places.map((one) => candleRow(seriesId, one)),
    );
    for (const one of places) tell("candle", one);
    place += size;
  }
}

async function tradeOn(): Promise<never> {
  for (let n = 0; ; n += 1) {
    // Claims of a writer that was killed are free at once: the limit is 0.
    for (const item of await trade.claim(name, 5, 0, fence)) await execute(item);
    const { revision, positions } = await trade.riskState(MONDAY);
    const [yes, no] = [`${name}-${n}`, `${name}-${n}-no`];
    const side = positions.length === 0 ? "buy" : "sell";
    await trade.decide([accepted(yes, { side }), refused(no)], revision);
    tell("signal", yes);
    tell("signal", no);
  }
}

/** As the trader does it: written down, settled once, ended. */
async function execute(item: QueueItem): Promise<void> {
  const { order } = await trade.createOrder(item.order, MONDAY, fence);
  tell("created", order.clientOrderId);
  if (!isEnded(order.state)) {
    const before = await trade.position(order.exchange, order.pair);
    const filled = fill(item.order, `${order.clientOrderId}-1`);
    await trade.settle(filledStep(item.order, filled, before, cashOf(order.side)));
  }
  tell("filled", order.clientOrderId);
  await trade.finish(item, name);
}
