import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { machineClock } from "../../../src/runtime/clock.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { createVaultClient } from "../../../src/vault/client/client.ts";
import type { Vault, VaultState } from "../../../src/vault/port.ts";
import { json, type ScriptedVault, scriptedVault } from "../scripted-vault.ts";

const TOKEN = "service-token-of-the-test";
const VALUE = "value-of-the-test";
const ROW = {
  strategy_id: "swing",
  params: { timeframe: "1H", lookback_periods: 20 },
  symbols: ["EUR_USD"],
  risk_limits: { max_daily_loss: 0.02 },
  enabled: true,
  version: 3,
  updated_at: "2026-03-10T12:00:07.728146",
};
const FOUND = {
  success: true,
  key: "K",
  service: "fxshinobi",
  value: VALUE,
  metadata: { by: "me" },
};

let server: ScriptedVault;
let vault: Vault;
let turns: VaultState[];

function open(timeoutMs = 300): Vault {
  turns = [];
  return createVaultClient({
    url: server.url,
    token: new Secret(TOKEN),
    clock: machineClock,
    random: () => 0,
    timeoutMs,
    onState: (state) => turns.push(state),
  });
}

beforeEach(async () => {
  server = await scriptedVault();
  vault = open();
});

afterEach(async () => {
  await vault.close();
  await server.close();
});

describe("a vault client", () => {
  test("sends the token as a bearer with every call but health, and never in a path", async () => {
    server.answer = (response, { path }) => {
      if (path.endsWith("/health")) json(200, { status: "ok" })(response, never);
      else if (path.includes("configs"))
        json(200, { success: true, configs: [], version: 1 })(response, never);
      else if (path.includes("credentials")) json(200, FOUND)(response, never);
      else
        json(200, { success: true, file: { storage_path: "p", filename: "f" } })(response, never);
    };

    await vault.health();
    await vault.strategies("fxshinobi");
    await vault.changeStrategy("fxshinobi", "swing", {});
    await vault.credential("K");
    await vault.putCredential({ key: "K", service: "fxshinobi", value: new Secret(VALUE) });
    await vault.systemFile("p");
    await vault.putSystemFile({ storagePath: "p", filename: "f", content: "c", fileType: "text" });

    const [health, ...others] = server.seen;
    expect(health?.authorization).toBeUndefined();
    expect(new Set(others.map((one) => one.authorization))).toEqual(new Set([`Bearer ${TOKEN}`]));
    expect(server.seen.map((one) => one.path).join()).not.toContain(TOKEN);
  });

  test("reads rows, and takes what a row leaves out from the safe side", async () => {
    const bare = {
      strategy_id: "bare",
      params: null,
      symbols: null,
      risk_limits: null,
      enabled: null,
      version: null,
    };
    server.answer = json(200, { success: true, configs: [ROW, bare] });

    const rows = await vault.strategies("fxshinobi");

    expect(rows).toEqual([
      {
        strategyId: "swing",
        params: ROW.params,
        symbols: ["EUR_USD"],
        riskLimits: ROW.risk_limits,
        enabled: true,
        version: 3,
      },
      { strategyId: "bare", params: {}, symbols: [], riskLimits: {}, enabled: false, version: 0 },
    ]);
  });

  test("takes an empty list as an answer of a vault that works", async () => {
    server.answer = json(200, { success: true, configs: [], message: "No configs found" });

    await expect(vault.strategies("fxshinobi")).resolves.toEqual([]);

    expect(vault.state()).toEqual({ kind: "ok" });
  });

  test("changes one field of a row and writes all the others back", async () => {
    server.answer = (response, { method }) =>
      json(
        200,
        method === "GET" ? { success: true, configs: [ROW] } : { success: true, version: 4 },
      )(response, never);

    const version = await vault.changeStrategy("fxshinobi", "swing", {
      params: { timeframe: "4H" },
    });

    expect(version).toBe(4);
    expect(server.seen.at(-1)?.body).toEqual({
      strategy_id: "swing",
      params: { timeframe: "4H" },
      symbols: ["EUR_USD"],
      risk_limits: { max_daily_loss: 0.02 },
      enabled: true,
    });
  });

  test("keeps the metadata of a credential whose value it changes", async () => {
    server.answer = json(200, FOUND);

    await vault.putCredential({ key: "K", service: "fxshinobi", value: new Secret("new") });

    expect(server.seen.at(-1)?.body).toEqual({
      key: "K",
      service: "fxshinobi",
      value: "new",
      metadata: { by: "me" },
    });
  });

  test("replaces a value that can no longer be decrypted", async () => {
    const unreadable = json(500, { success: false, error: "Credential decryption failed" });
    server.answer = (response, request) =>
      request.method === "GET"
        ? unreadable(response, request)
        : json(200, { success: true })(response, request);

    await vault.putCredential({ key: "K", service: "s", value: new Secret("new") });

    expect(server.seen.at(-1)?.body).toMatchObject({ value: "new", metadata: {} });
  });

  test("encodes a key, and refuses one with a slash before anything is sent", async () => {
    server.answer = json(200, { ...FOUND, key: "broker:oanda" });

    await vault.credential("broker:oanda");
    const refused = vault.credential("a/b");

    await expect(refused).rejects.toMatchObject({ fault: "refused" });
    expect(server.seen.map((one) => one.path)).toEqual(["/api/vault/credentials/broker%3Aoanda"]);
  });

  test("says that a credential is absent, which is no failure", async () => {
    server.answer = json(404, { success: false, error: "Credential 'K' not found" });

    await expect(vault.credential("K")).resolves.toBeUndefined();
    expect(vault.state()).toEqual({ kind: "ok" });
  });

  test.each([
    [
      "200 and the web page",
      (r) => r.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    ],
    ["200 and an empty object", json(200, {})],
    ["200 and success as a word", json(200, { ...FOUND, success: "true" })],
    [
      "200 and broken JSON",
      (r) => r.writeHead(200, { "content-type": "application/json" }).end("{"),
    ],
    ["200 and another shape", json(200, { success: true, value: 7 })],
    ["404 of another server", json(404, { error: "Not found" })],
    ["405 and HTML", (r) => r.writeHead(405, { "content-type": "text/html" }).end("<html>")],
    ["a redirect", (r) => r.writeHead(302, { location: "/elsewhere" }).end()],
    ["500", json(500, { success: false, error: "Failed to retrieve credential" })],
    ["503", json(503, { success: false, error: "Supabase not configured" })],
    ["silence", () => {}],
    ["headers and then silence", (r) => void r.writeHead(200).write("{")],
    ["a connection cut in the body", (r) => void r.writeHead(200).write("{", () => r.destroy())],
  ] satisfies [string, ScriptedVault["answer"]][])(
    "counts %s as a vault that is offline, within its time limit",
    async (_name, answer) => {
      server.answer = answer;

      const thrown = await vault.credential("K").catch((error: unknown) => error);

      expect(thrown).toMatchObject({ fault: "offline", retry: "later" });
      expect(turns.map((state) => state.kind)).toEqual(["offline"]);
      expect(server.seen.length).toBe(3); // a read may help a second and a third time
    },
  );

  test("takes a wrong token for a fault of the settings, and does not ask again", async () => {
    server.answer = json(401, { success: false, error: "Invalid service token" });

    await expect(vault.credential("K")).rejects.toMatchObject({
      fault: "wrong-token",
      retry: "never",
    });

    expect(server.seen.length).toBe(1);
    expect(vault.state()).toEqual({ kind: "wrong-token" });
  });

  test("writes once only, since a write without an answer may have happened", async () => {
    server.answer = json(500, { success: false, error: "Failed to store credential" });
    const value = new Secret(VALUE);

    const put = vault.putCredential({ key: "K", service: "s", value, metadata: {} });

    await expect(put).rejects.toMatchObject({ fault: "offline" });
    expect(server.seen.length).toBe(1);
  });

  test("tells a change of state once, and comes back by itself", async () => {
    server.answer = json(503, { success: false });
    await vault.credential("K").catch(() => {});
    await vault.health();
    server.answer = json(200, { status: "ok" });

    await vault.health();

    expect(turns.map((state) => state.kind)).toEqual(["offline", "ok"]);
  });

  test("says that a vault without a database is offline", async () => {
    server.answer = json(200, { status: "degraded", message: "Service API disabled" });

    await expect(vault.health()).resolves.toMatchObject({ kind: "offline" });
  });

  test("asks a thousand things at once over a handful of connections", async () => {
    await vault.close();
    vault = open(60_000);
    server.answer = json(200, FOUND);

    await Promise.all(Array.from({ length: 1_000 }, (_, i) => vault.credential(`K${i}`)));

    expect(server.seen.length).toBe(1_000);
    expect(server.mostConnections()).toBeLessThanOrEqual(4);
  });

  test("names no token and no value in whatever goes wrong", async () => {
    const wrongs = [
      json(500, { success: false, error: "boom" }),
      json(200, { success: true, value: { [VALUE]: VALUE } }),
      json(401, { success: false, error: "x" }),
    ];
    for (const wrong of wrongs) {
      server.answer = wrong;
      const thrown = await vault.credential("K").catch((error: unknown) => error);
      expect(inspect(thrown, { depth: 9, showHidden: true })).not.toMatch(
        new RegExp(`${TOKEN}|${VALUE}`),
      );
    }
  });
});

/** Scripted answers that do not look at the request. */
const never = { method: "", path: "", authorization: undefined, body: undefined };
