import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { createStore } from "../../../src/store/create-store.ts";
import { startEmbedded } from "../../../src/store/embedded/server.ts";
import { connect, type Place } from "../../../src/store/pg/connection.ts";
import { openPgDatabase } from "../../../src/store/pg/database.ts";
import { migrate } from "../../../src/store/pg/migrate.ts";
import type { Store } from "../../../src/store/port.ts";
import { sql } from "../../kit/sql.ts";
import { emptyDataDir, FAST, MIGRATIONS_DIR } from "../../kit/store.ts";
import {
  accepted,
  candleRow,
  decideNow,
  fill,
  filledStep,
  MINUTE,
  MONDAY,
  refused,
  request,
  traderFence,
} from "../builders.ts";

/** Stands wherever a credential might have got to. */
export const SECRET = "s3cret";
export const RUN_ID = randomUUID();

/** A Supabase project as far as it matters to readers: all that is new in public is everybody's. */
const PROJECT = `
  create role anon nologin; create role authenticated nologin;
  create role service_role nologin bypassrls; create role authenticator noinherit;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant execute on functions to anon, authenticated, service_role`;

/** Rows of the original engine, some with a credential where nobody expects it. */
const ORIGINAL = `
  insert into public.fxshinobi_trades (symbol, side, size, entry_price, realized_pnl, status, opened_at, closed_at, metadata)
    values ('EUR_USD', 'SELL', 1000, 1.08, -2.5, 'CLOSED', '2025-06-01', '2025-06-02',
        '{"ticket": 77, "source": "manual", "token": "${SECRET}"}'),
      ('EUR_USD', 'BUY', 1000, null, null, 'OPEN', '2025-06-01', null, null),
      ('EUR_USD', 'BUY', 1000, 1.08, null, 'CANCELLED', '2025-06-01', null, null);
  insert into public.fxshinobi_strategy_runs (strategy_id, parameters, pnl, duration_seconds, created_at)
    values ('smc_default', '{"password": "${SECRET}"}', 12.5, 60, '2025-06-01')`;

export interface ViewWorld {
  ask(text: string): Promise<Record<string, unknown>[]>;
  /** What a role gets for a statement, or the code with which it is refused. */
  as(role: string, statement: string): Promise<readonly unknown[] | string>;
  /** The rows of a view as the REST face would send them. */
  shown(role: string, view: string): Promise<readonly unknown[] | string>;
  close(): Promise<void>;
}

/** A project with the hub's tables, an original engine's rows, and an hour of a hub's work. */
export async function viewWorld(): Promise<ViewWorld> {
  const dataDir = emptyDataDir();
  const server = await startEmbedded({ dataDir, settings: FAST });
  const ask: ViewWorld["ask"] = (text) => sql(server, text);
  await ask(PROJECT);
  await migrate(server, MIGRATIONS_DIR);
  await ask(ORIGINAL);
  const database = await openPgDatabase(server);
  await work(createStore(database));
  const as: ViewWorld["as"] = (role, statement) => rowsAs(server, role, statement);
  return {
    ask,
    as,
    shown: (role, view) => as(role, `select to_json(v) as row from public.${view} v`),
    close: async () => {
      await database.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function rowsAs(
  place: Place,
  role: string,
  statement: string,
): Promise<readonly unknown[] | string> {
  const client = await connect(place);
  try {
    await client.query(`set role ${role}`);
    return (await client.query<{ row: unknown }>(statement)).rows.map(({ row }) => row);
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.end();
  }
}

/** Follows a series, misses a candle, judges three signals, buys and sells. */
async function work(store: Store): Promise<void> {
  const { trade, watch, candles, gaps, runs, pulse } = store;
  await trade.openAccount("paper", "USDT", "1000", MONDAY);
  await runs.start({
    id: RUN_ID,
    at: MONDAY,
    place: "machine:/home/ann/data",
    version: "1.2.3",
    mode: "sandbox",
    road: "embedded",
    lostAfterMs: 300_000,
    strategies: [{ id: "ema-cross", parameters: { fast_periods: 10, api_key: SECRET } }],
  });
  const wish = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" } as const;
  const { series } = await watch.add("main", wish, "ann", MONDAY);
  await candles.upsert("15m", [candleRow(series.id, 0)]);
  const gap = { seriesId: series.id, openTime: MONDAY + 15 * MINUTE, reason: "no row" };
  await gaps.note([{ ...gap, attempts: 2, state: "pending", at: MONDAY + 31 * MINUTE }]);
  await pulse.savePrices([]);
  await decideNow(store, [accepted("s-1"), accepted("s-2", { side: "sell" }), refused("s-3")]);
  const [buy, sell] = [request("s-1"), request("s-2", { side: "sell" })];
  const opening = filledStep(buy, fill(buy, "f-1"), undefined, "-50.35");
  const sold = fill(sell, "f-2", { price: "110" });
  const fence = await traderFence(store);
  for (const order of [buy, sell]) await trade.createOrder(order, MONDAY, fence);
  await trade.settle(opening);
  await trade.settle(filledStep(sell, sold, opening.position, "54.95"));
  await runs.keep(RUN_ID, MONDAY + 60 * MINUTE);
}
