import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { onPostgres } from "../../kit/on-postgres.ts";
import { placeOf } from "../../kit/place.ts";
import { sql } from "../../kit/sql.ts";
import { type TcpDoor, tcpDoor } from "../../kit/tcp-door.ts";
import { grantPromises } from "../contract/grants.ts";
import { dumpSchema, GOLDEN_SCHEMA } from "../pg/dump-schema.ts";
import { storeContract } from "../store.contract.ts";
import { onRoad } from "./road.ts";

onPostgres("the road of DATABASE_URL", (server) => {
  describe("with a password, as the owner of one database and of nothing else", () => {
    let door: TcpDoor;

    const opened = onRoad(async () => {
      // No roles of Supabase, and no right to make them: first, while nobody else has made them.
      await sql(placeOf(server.url()), "create role hub login password 'correct horse'");
      await sql(placeOf(server.url()), "create database owned owner hub");
      door = await tcpDoor(server.socketDir);
      return { databaseUrl: `postgresql://hub:correct%20horse@127.0.0.1:${door.port}/owned` };
    });
    afterAll(() => door.close());

    storeContract("PostgreSQL by TCP", opened);
  });

  describe("over a socket, as a superuser", () => {
    const place = () => placeOf(server.url("socket"));

    const opened = onRoad(async () => {
      await sql(placeOf(server.url()), "create database socket");
      return { databaseUrl: server.url("socket") };
    });

    storeContract("PostgreSQL by socket", opened);
    grantPromises(place);

    test("has the schema that was reviewed, whatever the version of the server", async () => {
      expect(await dumpSchema(place())).toBe(readFileSync(GOLDEN_SCHEMA, "utf8"));
    });
  });
});
