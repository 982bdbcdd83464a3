import { afterAll, describe, expect, test } from "vitest";
import { migrate } from "../../../src/store/pg/migrate.ts";
import { onPostgres } from "../../kit/on-postgres.ts";
import { placeOf } from "../../kit/place.ts";
import { sql } from "../../kit/sql.ts";
import { MIGRATIONS_DIR } from "../../kit/store.ts";
import { candleRow, MONDAY } from "../builders.ts";
import { type RpcStandIn, rpcStandIn } from "../pg/rpc-stand-in.ts";
import { storeContract } from "../store.contract.ts";
import { onRoad, openBy } from "./road.ts";

const KEYS = { "service-key": "service_role" } as const;

onPostgres("the road of SUPABASE_URL and SUPABASE_KEY", (server) => {
  /** A project: a migrated database and the REST face in front of it. */
  const project = async (database: string): Promise<RpcStandIn> => {
    await sql(placeOf(server.url()), `create database ${database}`);
    await migrate(placeOf(server.url(database)), MIGRATIONS_DIR);
    return rpcStandIn(placeOf(server.url(database)), KEYS);
  };

  describe("alone", () => {
    let standIn: RpcStandIn;

    const opened = onRoad(async () => {
      standIn = await project("alone");
      return { supabaseUrl: standIn.url, supabaseKey: "service-key" };
    });
    afterAll(() => standIn.close());

    storeContract("supabase-js", opened);

    test("sends no body that a gateway could find too long", async () => {
      const { candles, watch } = opened.store;
      const series = { exchange: "binance", pair: "MANY/USDT", timeframe: "1m" } as const;
      const { id } = (await watch.add("many", series, "test", MONDAY)).series;
      const before = standIn.asked.length;
      const third = 1 / 3;
      const rows = Array.from({ length: 9_000 }, (_, i) =>
        candleRow(id, i, { open: 100 + third, low: 99 + third, high: 5_000 + third, close: 101.1 }),
      );

      const answer = await candles.upsert("1m", rows);

      expect(answer.added).toEqual(rows.map((_, i) => i));
      const bodies = standIn.asked.slice(before).map(({ bytes }) => bytes);
      expect(bodies.length).toBeGreaterThan(3);
      expect(Math.max(...bodies)).toBeLessThan(1_000_000);
    });
  });

  describe("with DATABASE_URL beside it", () => {
    let standIn: RpcStandIn;

    const opened = onRoad(async () => {
      standIn = await project("split");
      const databaseUrl = server.url("split");
      return { supabaseUrl: standIn.url, supabaseKey: "service-key", databaseUrl };
    });
    afterAll(() => standIn.close());

    storeContract("supabase-js and pg", opened);

    test("sends candles the direct way, and all else by the REST face", () => {
      const fns = new Set(standIn.asked.map(({ fn }) => fn));

      expect([...fns].filter((fn) => fn.startsWith("hub_candle"))).toEqual([]);
      expect(fns).toContain("hub_decide");
      expect(fns).toContain("hub_settle");
    });

    test("migrates the project the direct way", async () => {
      await sql(placeOf(server.url()), "create database empty");
      const blank = await rpcStandIn(placeOf(server.url("empty")), KEYS);
      const way = { supabaseUrl: blank.url, supabaseKey: "service-key" };

      const alone = openBy(way);
      await expect(alone).rejects.toThrow(/has schema none .*supabase db push.*DATABASE_URL/);
      const both = await openBy({ ...way, databaseUrl: server.url("empty") });

      expect(await both.store.watch.active()).toEqual([]);
      await both.stop();
      await blank.close();
    });

    test("refuses two ways that lead to different databases", async () => {
      const odd = openBy({
        supabaseUrl: standIn.url,
        supabaseKey: "service-key",
        databaseUrl: server.url("alone"),
      });

      await expect(odd).rejects.toMatchObject({
        name: "StartRefusal",
        message: "SUPABASE_URL and DATABASE_URL lead to different databases",
      });
    });
  });
});
