import type { Place } from "../../../src/store/pg/connection.ts";
import type { Store } from "../../../src/store/port.ts";
import { EVERYTHING, haltOrder } from "../../kit/halts.ts";
import { sql } from "../../kit/sql.ts";
import {
  accepted,
  BTC_1M,
  candleRow,
  DAY,
  decideNow,
  fill,
  filledStep,
  MINUTE,
  MONDAY,
  refused,
  request,
} from "../builders.ts";

/** Lets a database live a little: something of everything that a hub writes. */
export async function liveALittle(store: Store, place: Place): Promise<void> {
  await followCandles(store);
  await trade(store, place);
  await store.watch.firstUse();
  await store.pulse.saveSnapshot({ account_balance: "12.50", extras: { a: [1, null] } }, MONDAY);
  await store.pulse.ping("hub-1", "healthy", MONDAY);
  await store.pulse.audit({ at: MONDAY, who: "ann", what: "halt", detail: { why: 'a "test"' } });
  await store.pulse.audit({ at: MONDAY + 1, who: "ann", what: "resume", detail: [] });
  const token = { id: "0123456789ab", name: "bob", role: "viewer", expiresAt: null } as const;
  await store.tokens.create({ ...token, hash: "ab".repeat(32) }, "ann", MONDAY);
}

async function followCandles({ candles, gaps, watch }: Store): Promise<void> {
  const hour = { ...BTC_1M, timeframe: "1h" } as const;
  const minutes = (await watch.add("default", BTC_1M, "ann", MONDAY)).series;
  const hours = (await watch.add("default", hour, "ann", MONDAY)).series;
  await watch.add("default", { ...BTC_1M, pair: "ETH/USDT" }, "ann", MONDAY);
  await watch.remove({ ...BTC_1M, pair: "ETH/USDT" }, "ann", MONDAY + 1);
  const rows = Array.from({ length: 2_500 }, (_, i) => candleRow(minutes.id, i));
  const elsewhere = candleRow(minutes.id, 5, { openTime: MONDAY + 70 * DAY });
  await candles.ensurePartitions("1m", MONDAY, MONDAY + 70 * DAY);
  await candles.upsert("1m", [...rows, elsewhere]);
  await candles.upsert("1m", [{ ...candleRow(minutes.id, 7), close: 101, source: "backfill" }]);
  await candles.upsert("1h", [candleRow(hours.id, 0), candleRow(hours.id, 60)]);
  await watch.markEvaluated([{ seriesId: minutes.id, openTime: MONDAY + 9 * MINUTE }]);
  const gap = { seriesId: minutes.id, reason: "no row", attempts: 3, at: MONDAY };
  await gaps.note([
    { ...gap, openTime: MONDAY + DAY * 3, state: "missing" },
    { ...gap, openTime: MONDAY + DAY * 4, state: "pending" },
  ]);
}

async function trade(store: Store, place: Place): Promise<void> {
  await decideNow(store, [accepted("x-1"), refused("x-2"), accepted("x-3")]);
  const order = request("x-1");
  // Straight into the table: who may write an order down is another matter.
  await sql(
    place,
    `insert into hub.orders (client_order_id, origin, signal_id, portfolio, exchange, pair, side, quantity,
        reference_price, strategy, stop_loss, created_at, state)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), 'created')`,
    [
      order.clientOrderId,
      order.origin,
      order.signalId,
      order.portfolio,
      order.exchange,
      order.pair,
      order.side,
      order.quantity,
      order.referencePrice,
      order.strategy,
      order.stopLoss,
    ],
  );
  await store.trade.mark("10000.25", MONDAY);
  await store.trade.mark("10020.5", MONDAY + DAY);
  await store.trade.settle(filledStep(order, fill(order, "f-1"), undefined, "-50.35"));
  await store.trade.halt(haltOrder(), MONDAY);
  await store.trade.resume(EVERYTHING, "ann", MONDAY + 1);
  await store.trade.halt(haltOrder({ reason: "news" }), MONDAY + 2);
}
