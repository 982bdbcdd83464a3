import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { migrate } from "../../src/store/pg/migrate.ts";
import { onPostgres } from "../kit/on-postgres.ts";
import { placeOf } from "../kit/place.ts";
import { sql } from "../kit/sql.ts";
import { MIGRATIONS_DIR } from "../kit/store.ts";
import { tcpDoor } from "../kit/tcp-door.ts";
import { rpcStandIn } from "../store/pg/rpc-stand-in.ts";
import { dataFolder, HubProcess } from "./kit/hub-process.ts";

const folder = dataFolder();
afterAll(() => folder.remove());

async function refusal(
  settings: Readonly<Record<string, string>>,
  dataDir = folder.path,
): Promise<string> {
  const end = await HubProcess.refused(dataDir, { LOG_LEVEL: "error", ...settings });
  expect(end).toMatchObject({ code: 1, stdout: "" });
  const lines = end.stderr.trim().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

describe("a hub that cannot start", () => {
  function file(name: string, content: string | Buffer): string {
    const path = join(folder.path, name);
    writeFileSync(path, content);
    return path;
  }

  test("names an unknown key of the settings file", async () => {
    const path = file("unknown.yaml", "polDelayMs: 5\n");
    expect(await refusal({ HUB_CONFIG: path })).toContain("unknown key polDelayMs");
  });

  test("does not show a secret, wherever one was put by mistake", async () => {
    const secret = "k3y-in-the-wrong-place";
    const settings = { KRAKEN_API_SECRET: secret, HUB_CONFIG: `/nowhere/${secret}.yaml` };

    expect(await refusal(settings)).toMatch(/^settings file \/nowhere\/<redacted>\.yaml: ENOENT/);
  });

  test("names a bad value and what is wrong with it", async () => {
    expect(await refusal({ PORT: "99999" })).toMatch(/^setting PORT: .*65535/);
    const path = file("bad.yaml", "historyCandles: many\n");
    expect(await refusal({ HUB_CONFIG: path })).toMatch(/historyCandles: .*number/);
  });

  test("names a limit that makes no sense", async () => {
    const line = await refusal({ HUB_LIMITS: '{"stakeFraction": 7}' });
    expect(line).toMatch(/^setting limits\.stakeFraction: /);
  });

  test("names a fault that the sandbox exchange cannot have", async () => {
    const line = await refusal({ HUB_SANDBOX_FAULTS: '[{"kind": "gremlins"}]' });
    expect(line).toBe('setting HUB_SANDBOX_FAULTS at 0.kind: "gremlins" is no kind of fault');
  });

  test("names a timeframe whose candles would go while analysts still load them", async () => {
    const line = await refusal({ HUB_RETENTION: '{"candles": {"1h": 30}}' });
    expect(line).toMatch(/^setting retention\.candles\.1h: .*at least \d+ days/);
  });

  test("names a strategy it does not know", async () => {
    const line = await refusal({ HUB_STRATEGIES: '[{"id":"crystal-ball"}]' });
    expect(line).toMatch(/crystal-ball: unknown strategy/);
  });

  test("names a data folder it cannot write to", async () => {
    const path = file("plain-file", "not a folder");
    expect(await refusal({}, join(path, "below"))).toMatch(/^the data folder .* cannot be used/);
  });

  test("names the file and the line of a broken recording, and loads nothing of it", async () => {
    const recordings = join(folder.path, "recordings");
    mkdirSync(recordings);
    const rows = [
      "time_ms,open,high,low,close,volume",
      "1679000400000,10,11,9,10,1",
      "1679000460000,10,9,11,10,1",
    ];
    const name = "BTC_USDT-1m-20230316-20230316.csv.gz";
    writeFileSync(join(recordings, name), gzipSync(`${rows.join("\n")}\n`));
    const line = await refusal({ HUB_REPLAY_DIR: recordings });
    expect(line).toContain(name);
    expect(line).toMatch(/line 3/);
  });

  test("says that real orders are not armed", async () => {
    expect(await refusal({ HUB_MODE: "live" })).toContain("no broker for real orders is armed");
  });
});

onPostgres("a hub that its database does not let in", (server) => {
  test("names the login whose password is wrong, and not the password", async () => {
    await sql(placeOf(server.url()), "create role hub login password 'right'");
    const door = await tcpDoor(server.socketDir);

    const line = await refusal({
      DATABASE_URL: `postgresql://hub:tr0ub4dor@127.0.0.1:${door.port}/postgres`,
    });

    expect(line).toBe(
      'the login of DATABASE_URL is not accepted (password authentication failed for user "hub")',
    );
    await door.close();
  });

  test("says that the key of a Supabase project is wrong, and not the key", async () => {
    await migrate(placeOf(server.url()), MIGRATIONS_DIR);
    const project = await rpcStandIn(placeOf(server.url()), { right: "service_role" });

    const line = await refusal({ SUPABASE_URL: project.url, SUPABASE_KEY: "tr0ub4dor" });

    expect(line).toBe(
      "SUPABASE_KEY is not accepted by the project that SUPABASE_URL names (key not accepted)",
    );
    expect(await refusal({ SUPABASE_URL: project.url })).toMatch(/needs its key.* SUPABASE_KEY$/);
    await project.close();
  });
});
