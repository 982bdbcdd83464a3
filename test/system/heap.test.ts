import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../../src/store/pg/migrate.ts";
import { onPostgres } from "../kit/on-postgres.ts";
import { placeOf } from "../kit/place.ts";
import { sql } from "../kit/sql.ts";
import { MIGRATIONS_DIR } from "../kit/store.ts";
import { type RpcStandIn, rpcStandIn } from "../store/pg/rpc-stand-in.ts";

const run = promisify(execFile);
const hook = fileURLToPath(new URL("../store/embedded/ts-hook.mjs", import.meta.url));
const program = fileURLToPath(new URL("./idle-process.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hub-heap-"));
afterAll(() => rmSync(folder, { recursive: true }));

const canary = (): string => `canary${randomBytes(12).toString("hex")}`;

/** Whether a process that was at rest had any of these texts on its heap. */
async function isOnHeap(
  how: "store" | "vault" | "plain",
  environment: Readonly<Record<string, string>>,
  ...sought: readonly string[]
): Promise<boolean> {
  const snapshot = join(folder, `${how}.heapsnapshot`);
  const args = ["--import", hook, program, how, snapshot, MIGRATIONS_DIR];
  const env = { PATH: process.env["PATH"], HUB_DATA_DIR: folder, ...environment };
  const { stdout } = await run(process.execPath, args, { env });
  expect(stdout).toMatch(/^[1-9] kept\n$/);
  const heap = readFileSync(snapshot);
  expect(heap.includes("a line of a log, like any other")).toBe(true); // texts are in it
  return sought.some((text) => heap.includes(text) || heap.includes(Buffer.from(text, "utf16le")));
}

describe("the heap of a process at rest", () => {
  test("is searched in earnest: a text that somebody keeps is found", async () => {
    const password = canary();
    const DATABASE_URL = `postgresql://hub:${password}@127.0.0.1:1/none`;

    expect(await isOnHeap("plain", { DATABASE_URL }, password)).toBe(true);
  });

  test("holds no token of a vault whose connections are open, and no value that it gave", async () => {
    const token = canary();
    const value = canary();
    const seen: string[] = [];
    const vault = createServer((request, response) => {
      seen.push(request.headers.authorization ?? "");
      const credential = { key: "OANDA_API_KEY", service: "x", value, metadata: {} };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ success: true, ...credential }));
    });
    await new Promise<void>((ready) => vault.listen(0, "127.0.0.1", ready));
    const { port } = vault.address() as AddressInfo;
    const environment = {
      VVAULT_URL: `http://127.0.0.1:${port}`,
      VVAULT_SERVICE_TOKEN: token,
    };

    expect(await isOnHeap("vault", environment, token, value)).toBe(false);

    expect(seen).toEqual([`Bearer ${token}`]);
    await new Promise((done) => vault.close(done));
  });
});

onPostgres("the heap of a process at rest whose store is open", (server) => {
  const password = canary();
  const key = canary();
  let project: RpcStandIn;
  const named = "application_name=a-name-that-is-cut-out-of-the-url";
  const url = () => `${server.url("owned").replace("postgres@", `hub:${password}@`)}&${named}`;

  beforeAll(async () => {
    await sql(placeOf(server.url()), `create role hub login password '${password}'`);
    await sql(placeOf(server.url()), "create database owned owner hub");
    await migrate(placeOf(url()), MIGRATIONS_DIR);
    await sql(placeOf(server.url()), "create database project");
    await migrate(placeOf(server.url("project")), MIGRATIONS_DIR);
    project = await rpcStandIn(placeOf(server.url("project")), { [key]: "service_role" });
  });
  afterAll(() => project.close());

  test("holds no password of a PostgreSQL", async () => {
    expect(await isOnHeap("store", { DATABASE_URL: url() }, password)).toBe(false);
  });

  test("holds no key of a Supabase project", async () => {
    const environment = { SUPABASE_URL: project.url, SUPABASE_KEY: key };
    const asked = project.asked.length;

    expect(await isOnHeap("store", environment, key)).toBe(false);

    expect(project.asked.length).toBeGreaterThan(asked + 19);
  });
});
