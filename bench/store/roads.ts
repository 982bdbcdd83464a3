import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Secret } from "../../src/runtime/secret.ts";
import { type OpenStore, openStore, type StoreOptions } from "../../src/store/open.ts";
import { findPostgres, SystemPostgres } from "../../test/kit/system-postgres.ts";

/** One way to a database, open. */
export interface Road extends OpenStore {
  readonly name: string;
  /** How an administrator reaches the database behind it. */
  readonly url: string;
}

/** The roads that this machine has, each as a hub takes it, on servers with the same settings. */
export interface Roads {
  readonly embedded: Road;
  readonly postgres: Road | undefined;
  /** supabase-js and the stand-in for PostgREST, in front of the same database as `postgres`. */
  readonly rest: Road | undefined;
  readonly firstStartMs: number;
  close(): Promise<void>;
}

export async function openRoads(): Promise<Roads> {
  const stops: (() => Promise<void>)[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), "hub-bench-"));
  chmodSync(dataDir, 0o755); // as root the server runs as another user
  stops.push(() => rm(dataDir, { recursive: true, force: true }));
  const open = async (name: string, url: string, way: Partial<StoreOptions>): Promise<Road> => {
    const opened = await openStore({
      dataDir,
      migrationsDir: migrationsDir(),
      log: () => {},
      ...way,
    });
    stops.push(() => opened.stop());
    return { ...opened, name, url };
  };
  const startedAt = performance.now();
  const embedded = await open("embedded", "", {});
  const firstStartMs = performance.now() - startedAt;
  const socketDir =
    embedded.place !== undefined && "socketDir" in embedded.place ? embedded.place.socketDir : "";
  const url = `postgresql://postgres@/postgres?host=${encodeURIComponent(socketDir)}`;
  const roads = { embedded: { ...embedded, url }, firstStartMs };
  const close = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop();
  };
  const binaries = findPostgres();
  if (binaries === undefined) {
    console.log("no PostgreSQL of the system's: its half of the figures is left out");
    return { ...roads, postgres: undefined, rest: undefined, close };
  }
  const server = new SystemPostgres(binaries, {});
  stops.push(() => server.remove());
  await server.start();
  const postgres = await open("PostgreSQL", server.url(), {
    databaseUrl: new Secret(server.url()),
  });
  const face = await startFace(server.url());
  stops.push(() => end(face.child));
  const way = { supabaseUrl: face.url, supabaseKey: new Secret("service-key") };
  const rest = await open("supabase-js", server.url(), way);
  return { ...roads, postgres, rest, close };
}

async function startFace(url: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(fileURLToPath(new URL("./stand-in-process.js", import.meta.url)), [url]);
  const said = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the stand-in did not start")));
  });
  return { child, url: String(said) };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.disconnect();
  });
}

/** The folder lies beside this file's folder, or one further up when it runs compiled. */
function migrationsDir(): string {
  const places = ["../../supabase/migrations", "../../../supabase/migrations"];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return paths.find(existsSync) ?? "supabase/migrations";
}
