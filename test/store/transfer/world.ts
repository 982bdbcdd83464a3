import { readFileSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { type OpenStore, openStore } from "../../../src/store/open.ts";
import { wantedVersion } from "../../../src/store/pg/migration-files.ts";
import type { Trailer } from "../../../src/store/transfer/format.ts";
import { checkExport } from "../../../src/store/transfer/read-file.ts";
import { exportStore, importStore } from "../../../src/store/transfer/store.ts";
import { writeFileOf } from "../../../src/store/transfer/write-file.ts";
import { sql } from "../../kit/sql.ts";
import { MIGRATIONS_DIR, type TestStore, withStore } from "../../kit/store.ts";
import { type RpcStandIn, rpcStandIn } from "../pg/rpc-stand-in.ts";

const OPTIONS = { dataDir: "unused", migrationsDir: MIGRATIONS_DIR, log: () => {} };
const NOON = Date.UTC(2026, 0, 5, 12);

/** A road to a migrated database of its own, open before the tests of a file or describe. */
export interface TestRoad {
  readonly opened: OpenStore;
  readonly place: { readonly socketDir: string };
  /** Makes the database as empty as the migrations left it. */
  clear(): Promise<void>;
}

function road(open: (behind: TestStore) => Promise<OpenStore>): TestRoad {
  const behind = withStore();
  let opened: OpenStore | undefined;
  beforeAll(async () => {
    opened = await open(behind);
  });
  afterAll(() => opened?.stop());
  return {
    get opened() {
      if (opened === undefined) throw new Error("a road opens before the tests, not earlier");
      return opened;
    },
    get place() {
      return { socketDir: behind.server.socketDir };
    },
    clear: async () => {
      await sql(
        behind.server,
        `select set_config('hub.importing', 'on', false), hub.clear();
          insert into hub.risk default values`,
      );
    },
  };
}

/** The database of a hub that is not running, as a command has started it. */
export function embeddedRoad(): TestRoad {
  return road(async ({ store, server }) => {
    const place = { socketDir: server.socketDir };
    return { store, road: "embedded", place, stop: async () => {} };
  });
}

export function urlOf({ socketDir }: { readonly socketDir: string }): string {
  return `postgresql:///postgres?user=postgres&host=${encodeURIComponent(socketDir)}`;
}

export function postgresRoad(): TestRoad {
  return road(({ server }) => openStore({ ...OPTIONS, databaseUrl: new Secret(urlOf(server)) }));
}

/** Through supabase-js alone, without a direct connection. */
export function restRoad(): TestRoad {
  let standIn: RpcStandIn | undefined;
  const opened = road(async ({ server }) => {
    standIn = await rpcStandIn({ socketDir: server.socketDir }, { key: "service_role" });
    return openStore({ ...OPTIONS, supabaseUrl: standIn.url, supabaseKey: new Secret("key") });
  });
  afterAll(() => standIn?.close());
  return opened;
}

/** Exports a database to a file; answers the lines of it between the first and the last. */
export async function exportLines(
  { opened }: Pick<TestRoad, "opened">,
  file: string,
): Promise<{ readonly lines: readonly string[]; readonly trailer: Trailer }> {
  const schemaVersion = await wantedVersion(MIGRATIONS_DIR);
  const write = (text: AsyncIterable<string>): Promise<void> => writeFileOf(file, text);
  const { trailer } = await exportStore(opened, { schemaVersion, nowMs: NOON, write });
  return { lines: readFileSync(file, "utf8").trimEnd().split("\n").slice(1, -1), trailer };
}

export async function importFrom(file: string, { opened }: TestRoad): Promise<void> {
  await importStore(opened, await checkExport(file));
}
