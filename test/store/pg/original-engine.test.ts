import { beforeAll, describe, expect, test } from "vitest";
import { createStore } from "../../../src/store/create-store.ts";
import { openPgDatabase } from "../../../src/store/pg/database.ts";
import { migrate } from "../../../src/store/pg/migrate.ts";
import type { Store } from "../../../src/store/port.ts";
import { placeOf } from "../../kit/place.ts";
import { sql } from "../../kit/sql.ts";
import { MIGRATIONS_DIR, withStore } from "../../kit/store.ts";
import {
  accepted,
  decideNow,
  fill,
  filledStep,
  MINUTE,
  MONDAY,
  request,
  traderFence,
} from "../builders.ts";
import { dumpSchema } from "./dump-schema.ts";
import { ORIGINAL_ROWS, ORIGINAL_TABLES } from "./original-engine.ts";

const TABLES = ["health", "snapshots", "strategy_runs", "trades"].map(
  (name) => `fxshinobi_${name}`,
);

const COLUMNS = `
  select c.relname || '.' || a.attname as place, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as required, pg_get_expr(d.adbin, d.adrelid) as preset
  from pg_attribute a join pg_class c on c.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relname like 'fxshinobi\\_%' and c.relkind = 'r' and a.attnum > 0 order by 1`;

const CHECKS = `
  select conrelid::regclass::text as name, pg_get_constraintdef(oid) as rule from pg_constraint
  where conrelid::regclass::text like 'fxshinobi\\_%' and contype in ('c', 'p') order by 1, 2`;

describe("the tables of the original engine", () => {
  const embedded = withStore();
  const at = (database: string) =>
    placeOf(`postgresql://postgres@/${database}?host=${embedded.server.socketDir}`);
  const make = async (database: string, content = ""): Promise<void> => {
    await sql({ socketDir: embedded.server.socketDir }, `create database ${database}`);
    if (content !== "") await sql(at(database), content);
  };
  /** Every row of the four tables; a column that was added holds nothing. */
  const rowsOf = async (database: string) => {
    const all: unknown[] = [];
    for (const table of TABLES) {
      const text = `select jsonb_strip_nulls(to_jsonb(t)) as row from public.${table} t order by 1`;
      all.push((await sql(at(database), text)).map(({ row }) => row));
    }
    return all;
  };

  test("are made as they were, where there is nothing yet", async () => {
    await make("original", ORIGINAL_TABLES);
    await make("fresh");

    await migrate(at("fresh"), MIGRATIONS_DIR);

    const original = await sql(at("original"), COLUMNS);
    const fresh = await sql(at("fresh"), COLUMNS);
    const places = new Set(original.map(({ place }) => place));
    expect(fresh.filter(({ place }) => places.has(place))).toEqual(original);
    const added = fresh.filter(({ place }) => !places.has(place));
    expect(added.filter(({ required, preset }) => required === true || preset !== null)).toEqual(
      [],
    );
    expect(await sql(at("fresh"), CHECKS)).toEqual(await sql(at("original"), CHECKS));
    const seeds = "select instance_id, status from fxshinobi_health";
    expect(await sql(at("fresh"), seeds)).toEqual(await sql(at("original"), seeds));
    const picture = "select snapshot_id, system_status from fxshinobi_snapshots";
    expect(await sql(at("fresh"), picture)).toEqual(await sql(at("original"), picture));
  });

  test("keep every row where they are already, and a second run changes nothing", async () => {
    await make("inherited", ORIGINAL_TABLES + ORIGINAL_ROWS);
    const before = await rowsOf("inherited");

    await migrate(at("inherited"), MIGRATIONS_DIR);
    const schema = await dumpSchema(at("inherited"));
    const again = await migrate(at("inherited"), MIGRATIONS_DIR);

    expect(before.flat()).toHaveLength(10);
    expect(await rowsOf("inherited")).toEqual(before);
    expect(again).toEqual([]);
    expect(await dumpSchema(at("inherited"))).toBe(schema);
  });

  describe("once the hub works on them", () => {
    let store: Store;

    beforeAll(async () => {
      await make("worked", ORIGINAL_TABLES + ORIGINAL_ROWS);
      await migrate(at("worked"), MIGRATIONS_DIR);
      const database = await openPgDatabase(at("worked"));
      store = createStore(database);
      return () => database.close();
    });

    test("give every old row that is a trade, whatever is missing in it", async () => {
      const { trades, total } = await store.trade.trades({ limit: 10, offset: 0 });

      expect(total).toBe(3);
      expect(trades).toMatchObject([
        {
          pair: "USD/CHF",
          exchange: "oanda",
          quantity: "3",
          status: "open",
          openedAt: Date.UTC(2025, 2, 6),
        },
        { pair: "GBP/USD", side: "sell", quantity: "0.1", entryPrice: "1.25", pnl: null },
        {
          pair: "EUR/USD",
          status: "closed",
          pnl: "2.5",
          entryPrice: "1.1",
          exitPrice: "1.1025",
          closedAt: Date.UTC(2025, 2, 2),
        },
      ]);
      expect(await store.pulse.snapshot()).toMatchObject({
        account_balance: "10250.125",
        system_status: "RUNNING",
      });
    });

    test("take the hub's trades in the words they know, and no target where there is none", async () => {
      const pair = "ADA/USDT";
      const buy = request("o-1", { pair });
      const sell = request("o-2", { pair, side: "sell" });
      await decideNow(store, [accepted("o-1", { pair }), accepted("o-2", { pair, side: "sell" })]);
      const fence = await traderFence(store);
      await store.trade.createOrder(buy, MONDAY, fence);
      await store.trade.createOrder(sell, MONDAY, fence);
      const row =
        "select side, status, size, stop_loss, take_profit from fxshinobi_trades where symbol = 'ADA_USDT'";

      await store.trade.settle(filledStep(buy, fill(buy, "f-1"), undefined, "-50.35"));
      const opened = await sql(at("worked"), row);
      const held = await store.trade.position("binance", pair);
      await store.trade.settle(filledStep(sell, fill(sell, "f-2"), held, "50.25"));

      const trade = { side: "BUY", size: "0.5", stop_loss: "99.25", take_profit: null };
      expect(opened).toEqual([{ ...trade, status: "OPEN" }]);
      expect(await sql(at("worked"), row)).toEqual([{ ...trade, status: "CLOSED" }]);
    });

    test("keep the picture in one row, whose time moves with every save", async () => {
      const row = "select snapshot_id, updated_at, system_status from fxshinobi_snapshots";

      await store.pulse.saveSnapshot({ system_status: "RUNNING" }, MONDAY);
      await store.pulse.saveSnapshot({ system_status: "HALTED" }, MONDAY + MINUTE);

      expect(await sql(at("worked"), row)).toEqual([
        {
          snapshot_id: "default",
          updated_at: new Date(MONDAY + MINUTE),
          system_status: "HALTED",
        },
      ]);
    });

    test("page trades of equal times without a gap or a repeat, newest first", async () => {
      await sql(
        at("worked"),
        `insert into fxshinobi_trades (symbol, side, size, entry_price, status, opened_at)
         select 'EUR_USD', 'BUY', 1, 1, 'OPEN', '2027-01-01'::timestamptz + (n / 5) * interval '1 s'
         from generate_series(1, 23) n`,
      );
      const { trades: all } = await store.trade.trades({ limit: 23, offset: 0 });

      const pages = await Promise.all(
        [0, 7, 14, 21].map((offset) => store.trade.trades({ limit: 7, offset })),
      );

      const paged = pages.flatMap(({ trades }) => trades).slice(0, 23);
      expect(paged).toEqual(all);
      expect(new Set(all.map(({ id }) => id)).size).toBe(23);
      const times = all.map(({ openedAt }) => openedAt);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });

    test("give a long period of closed trades whole, each once, in the order of their ends", async () => {
      // Four of them end in the same microsecond, and the pages cut right through such groups.
      const [{ ids = [] } = {}] = (await sql(
        at("worked"),
        `with made as (
          insert into fxshinobi_trades (symbol, side, size, entry_price, status, closed_at)
          select 'EUR_USD', 'BUY', 1, 1, 'CLOSED', '2028-01-01'::timestamptz + (n / 4) * interval '300 us'
          from generate_series(1, 2502) n returning id, closed_at)
        select json_agg(id order by closed_at, id) as ids from made`,
      )) as { ids?: string[] }[];

      const closed = await store.trade.closedTrades(Date.UTC(2028, 0, 1), Date.UTC(2029, 0, 1));

      expect(closed.map(({ id }) => id)).toEqual(ids);
      expect(ids).toHaveLength(2_502);
    });
  });
});
