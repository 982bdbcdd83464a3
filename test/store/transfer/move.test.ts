import { describe, expect, test } from "vitest";
import { openStore } from "../../../src/store/open.ts";
import { wantedVersion } from "../../../src/store/pg/migration-files.ts";
import { exportText } from "../../../src/store/transfer/export.ts";
import { withSource } from "../../../src/store/transfer/source.ts";
import { EVERYTHING, haltOrder } from "../../kit/halts.ts";
import { placeOf } from "../../kit/place.ts";
import { sql } from "../../kit/sql.ts";
import { MIGRATIONS_DIR } from "../../kit/store.ts";
import { accepted, BTC_1M, candleRow, MONDAY } from "../builders.ts";
import { binaryRows } from "./digest.ts";
import { liveALittle } from "./fill.ts";
import { folder } from "./folder.ts";
import {
  embeddedRoad,
  exportLines,
  importFrom,
  postgresRoad,
  restRoad,
  type TestRoad,
  urlOf,
} from "./world.ts";

describe("a database that moves from road to road", { timeout: 60_000 }, () => {
  const embedded = embeddedRoad();
  const postgres = postgresRoad();
  const rest = restRoad();
  const back = embeddedRoad();
  const file = folder();

  /** Takes everything from one to the other; the file of it and the file of what arrived. */
  async function move(from: TestRoad, to: TestRoad, name: string) {
    const left = await exportLines(from, file(`${name}.jsonl`));
    await importFrom(file(`${name}.jsonl`), to);
    return { left, arrived: await exportLines(to, file(`${name}-again.jsonl`)) };
  }

  test("arrives bit for bit on every one of them", async () => {
    await liveALittle(embedded.opened.store, embedded.place);

    const legs = [
      await move(embedded, postgres, "to-postgres"),
      await move(postgres, rest, "to-rest"),
      await move(rest, back, "back"),
    ];

    expect(legs[0]?.left.trailer.rows["hub.candles"]).toBe(2_503);
    for (const { left, arrived } of legs) {
      expect(arrived.lines).toEqual(left.lines);
      expect(arrived.lines).toEqual(legs[0]?.left.lines);
    }
    const values = await binaryRows(embedded.place);
    for (const { place } of [postgres, rest, back]) expect(await binaryRows(place)).toEqual(values);
  });

  test("keeps its proofs: chains of candles, audit log", async () => {
    const whole = { unlinked: 0, broken: null, headFits: true };
    for (const { opened } of [postgres, rest, back]) {
      const { candles, pulse } = opened.store;
      expect(await candles.verify(BTC_1M)).toMatchObject({ rows: 2_502, ...whole });
      expect(await candles.verify({ ...BTC_1M, timeframe: "1h" })).toMatchObject(whole);
      expect(await pulse.verifyAudit()).toEqual({ rows: 2, broken: null });
    }
  });

  test("goes on where it stood: numbering, chains, what is decided already", async () => {
    for (const { opened, place } of [postgres, rest, back]) {
      const { candles, watch, trade } = opened.store;
      const before = await trade.riskState(MONDAY);
      const known = (await watch.active()).find(({ timeframe }) => timeframe === "1m");
      const seqs = (await trade.signals({ limit: 9 })).map(({ seq }) => seq);

      const again = await trade.decide([accepted("x-1")], before.revision);
      const fresh = await trade.decide([accepted("x-9")], before.revision);
      const row = candleRow(known?.id ?? 0, 9_000);
      const added = await candles.upsert("1m", [row, candleRow(row.seriesId, 3)]);

      expect(again.decided).toEqual([]);
      expect(fresh.decided).toEqual(["x-9"]);
      expect((await trade.signals({ limit: 1 }))[0]?.seq).toBeGreaterThan(Math.max(...seqs));
      expect(added).toEqual({ added: [0], revised: [] });
      expect(await candles.verify(BTC_1M)).toMatchObject({ broken: null, headFits: true });
      expect(await watch.firstUse()).toBe(false);
      const parked = "select count(*)::int as n from hub.candles_1_default";
      expect(await sql(place, parked)).toEqual([{ n: 0 }]);
    }
  });
});

describe("an export", () => {
  const road = embeddedRoad();
  const into = postgresRoad();
  const file = folder();

  test("has every table of the hub but those that speak of the moment", async () => {
    const tables = await sql(
      road.place,
      `select relname as name from pg_class where relnamespace = 'hub'::regnamespace
        and relkind in ('r', 'p') and not relispartition`,
    );

    const { trailer } = await exportLines(road, file("tables.jsonl"));

    const left = tables
      .map(({ name }) => String(name))
      .filter((name) => !(`hub.${name}` in trailer.rows));
    const ofTheMoment = ["leases", "notifications", "notify_place", "requests", "retired_months"];
    expect(left.filter((name) => !ofTheMoment.includes(name))).toEqual([]);
    expect(Object.keys(trailer.rows)).toContain("public.fxshinobi_trades");
  });

  test("knows how every type of its columns is written", async () => {
    const types = await sql(
      road.place,
      `select distinct format_type(a.atttypid, null) as type, y.typtype from hub.travelling() x
        cross join lateral hub.travelling_columns(x.t) c
        join pg_attribute a on a.attrelid = x.t and a.attname = c.name
        join pg_type y on y.oid = a.atttypid`,
    );

    const base = types.filter(({ typtype }) => typtype !== "e").map(({ type }) => String(type));
    const known = [
      "bigint",
      "boolean",
      "bytea",
      "date",
      "double precision",
      "integer",
      "interval",
      "jsonb",
      "numeric",
      "smallint",
      "text",
      "text[]",
      "timestamp with time zone",
      "uuid",
    ];
    expect(base.filter((type) => !known.includes(type))).toEqual([]);
  });

  test("is in the same order where the database sorts text in another one", async () => {
    const names = ["a", "B", "Z", "_x", "-y", "a b", "ab", "é", "z"];
    const insert =
      "insert into hub.facts (name, noted_at) select n, 'epoch' from unnest($1::text[]) n";
    await sql(
      road.place,
      "create database english template template0 locale_provider icu icu_locale 'en-US'",
    );
    const place = placeOf(urlOf(road.place).replace("/postgres?", "/english?"));
    const options = { dataDir: "unused", migrationsDir: MIGRATIONS_DIR, log: () => {} };
    const opened = await openStore({ ...options, databaseUrl: place.url });
    await sql(place, insert, [names]);
    await sql(road.place, insert, [names]);
    const sorted = "select n from unnest($1::text[]) n order by 1";
    expect(await sql(place, sorted, [names])).not.toEqual(await sql(road.place, sorted, [names]));

    const english = await exportLines({ opened }, file("english.jsonl"));
    const here = await exportLines(road, file("here.jsonl"));

    await opened.stop();
    const facts = (lines: readonly string[]) => lines.filter((line) => line.includes("1970-01-01"));
    expect(facts(english.lines)).toHaveLength(names.length);
    expect(facts(english.lines)).toEqual(facts(here.lines));
  });

  test("shows one instant, whatever is written meanwhile", async () => {
    const { store, place } = road.opened;
    await store.trade.openAccount("paper", "USDT", "10", MONDAY);
    const schemaVersion = await wantedVersion(MIGRATIONS_DIR);
    const head = { format: "trading-hub-export", formatVersion: 1, schemaVersion } as const;
    const counts: (Readonly<Record<string, number>> | undefined)[] = [];

    await withSource({ ...road.opened, place }, async (source) => {
      const text = exportText(source, { ...head, exportedAt: "", road: "" }, ({ rows }) =>
        counts.push(rows),
      );
      await text.next();
      await store.trade.halt(haltOrder({ reason: "meanwhile" }), MONDAY);
      for await (const _ of text) void _;
    });

    expect(counts).toMatchObject([{ "hub.account": 1, "hub.halts": 0 }]);
    await store.trade.resume(EVERYTHING, "ann", MONDAY);
  });

  test("brings nothing along that a trigger would add", async () => {
    expect(await road.opened.store.trade.halts()).toEqual([]);
    await sql(
      into.place,
      `create function hub.echo() returns trigger language plpgsql as $$ begin
          if not hub.importing() then insert into hub.reservations values (gen_random_uuid(), 1); end if;
          return null;
        end $$;
        create trigger echo after insert or truncate on hub.halts
          for each statement execute function hub.echo();
        insert into hub.halts (by, reason, at) values ('ann', 'it does work', now())`,
    );
    expect(await sql(into.place, "select count(*)::int as n from hub.reservations")).toEqual([
      { n: 1 },
    ]);
    await into.clear();
    const { trailer } = await exportLines(road, file("echo.jsonl"));

    await importFrom(file("echo.jsonl"), into);

    const arrived = await exportLines(into, file("echo-again.jsonl"));
    expect(arrived.trailer.rows).toEqual(trailer.rows);
    expect(trailer.rows).toMatchObject({ "hub.halts": 1, "hub.reservations": 0 });
  });
});
