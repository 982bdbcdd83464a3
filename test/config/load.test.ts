import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sortVariables } from "../../src/config/env.ts";
import { loadSettings } from "../../src/config/load.ts";
import { StartRefusal } from "../../src/config/refusal.ts";
import { ENV_NAMES, settingsSchema } from "../../src/config/settings.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a settings file and names it as the environment would. */
function file(yaml: string): { HUB_CONFIG: string } {
  const path = join(folder, "hub.yaml");
  writeFileSync(path, yaml);
  return { HUB_CONFIG: path };
}

function refusalOf(environment: Record<string, string>): string {
  try {
    loadSettings(sortVariables(environment));
  } catch (error) {
    if (error instanceof StartRefusal) return error.message;
    throw error;
  }
  return "not refused";
}

describe("settings", () => {
  test("are the defaults when nothing is set", () => {
    const { settings, origins } = loadSettings(sortVariables({}));

    expect(settings).toEqual(settingsSchema.parse({}));
    expect(settings).toMatchObject({ mode: "sandbox", host: "127.0.0.1", port: 5000, speed: 1 });
    expect(new Set(Object.values(origins))).toEqual(new Set(["default"]));
  });

  test("come from the file over the defaults, and from the environment over the file", () => {
    const given = file("port: 6000\nlogLevel: debug\n");

    const { settings, origins } = loadSettings(sortVariables({ ...given, PORT: "7000" }));

    expect(settings).toMatchObject({ port: 7000, logLevel: "debug", host: "127.0.0.1" });
    expect(origins).toMatchObject({ port: "environment", logLevel: "file", host: "default" });
  });

  test("take lists and objects from the environment as JSON", () => {
    const portfolios = [{ name: "majors", pairs: ["btc-usdt"], timeframes: ["15m"] }];

    const { settings } = loadSettings(
      sortVariables({ HUB_PORTFOLIOS: JSON.stringify(portfolios) }),
    );

    expect(settings.portfolios).toEqual([
      { name: "majors", exchange: "binance", pairs: ["BTC/USDT"], timeframes: ["15m"] },
    ]);
  });

  test("take an empty file as no settings", () => {
    expect(loadSettings(sortVariables(file("# nothing yet\n"))).settings.port).toBe(5000);
  });

  test.each(["true", "1", "TRUE"])("take %s as on", (text) => {
    expect(loadSettings(sortVariables({ HUB_FORK_HARVESTERS: text })).settings.forkHarvesters).toBe(
      true,
    );
  });

  test("each have an env name of their own", () => {
    const names = Object.values(ENV_NAMES);

    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(ENV_NAMES).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });

  const samples: Record<string, string> = {
    mode: "paper",
    logLevel: "warn",
    port: "0",
    replayAt: "2026-01-05T12:00:00Z",
    forkHarvesters: "true",
    forkSilenceMs: "2000",
    leaseTtlMs: "3000",
    supabaseUrl: "https://example.test",
    vvaultUrl: "https://vault.example.test",
    portfolios: "[]",
    strategies: "[]",
    limits: "{}",
    automaticHalts: '{"drawdown":"flatten"}',
    sandboxFaults: '[{"kind":"http-503"}]',
    retention: "{}",
    chattyAllow: "[]",
    corsOrigins: '["https://chatty.example"]',
    jwtIssuer: "https://project.supabase.co/auth/v1",
    paperCurrency: "EUR",
    notifications: '[{"name":"ops","type":"slack"}]',
    summaryHour: "23",
  };
  const together: Record<string, Record<string, string>> = {
    replayAt: { HUB_REPLAY_DIR: "recorded" },
    supabaseUrl: { SUPABASE_KEY: "k" },
    supabaseKey: { SUPABASE_URL: "https://example.test" },
    vvaultUrl: { VVAULT_SERVICE_TOKEN: "t" },
  };
  test.each(Object.entries(ENV_NAMES))("can set %s through %s", (key, env) => {
    const numbers = settingsSchema.parse({})[key as keyof typeof ENV_NAMES];
    const text = samples[key] ?? (typeof numbers === "number" ? "200" : "text");

    const { origins } = loadSettings(sortVariables({ ...together[key], [env]: text }));

    expect(origins).toMatchObject({ [key]: "environment" });
  });
});

describe("settings are refused in one line", () => {
  test.each([
    ['[{"name":"ops","type":"telegram"}]', /chatId belongs to telegram/],
    ['[{"name":"ops","type":"slack","chatId":"1"}]', /chatId belongs to telegram/],
    ['[{"name":"Ops","type":"slack"}]', /lower-case letters/],
    ['[{"name":"a","type":"slack"},{"name":"a","type":"discord"}]', /two channels have one name/],
    ['[{"name":"a","type":"pager"}]', /type/],
    ['[{"name":"a","type":"slack","url":"https://x"}]', /url/],
  ])("when a channel of notifications cannot be: %s", (text, reason) => {
    expect(refusalOf({ HUB_NOTIFICATIONS: text })).toMatch(reason);
  });

  test("when the file holds a key nobody knows", () => {
    const given = file("prot: 6000\n");

    expect(refusalOf(given)).toBe(`settings file ${given.HUB_CONFIG}: unknown key prot`);
  });

  test("when the file cannot be read, or is not keys and values", () => {
    expect(refusalOf({ HUB_CONFIG: join(folder, "none.yaml") })).toMatch(/none\.yaml: ENOENT/);
    expect(refusalOf(file("- a\n- b\n"))).toMatch(/must hold keys and values$/);
    expect(refusalOf(file("port: [1\n"))).not.toMatch(/\n/);
  });

  test("when a value in the environment is wrong, by its env name", () => {
    expect(refusalOf({ PORT: "http" })).toMatch(/^setting PORT: .*expected number/);
    expect(refusalOf({ PORT: "70000" })).toMatch(/^setting PORT: /);
    expect(refusalOf({ HUB_MODE: "real" })).toMatch(/^setting HUB_MODE: .*"sandbox"/);
    expect(refusalOf({ HUB_FORK_HARVESTERS: "yes" })).toMatch(/^setting HUB_FORK_HARVESTERS: /);
  });

  test.each(["0", "86401", "1.5", "soon"])("when the snapshot cadence is %s seconds", (text) => {
    const refusal = refusalOf({ SNAPSHOT_INTERVAL_SECONDS: text });

    expect(refusal).toMatch(/^setting SNAPSHOT_INTERVAL_SECONDS: /);
  });

  test("when a value in the file is wrong, by its key and place", () => {
    const given = file("portfolios:\n  - name: a\n    pairs: [BTC]\n    timeframes: [15m]\n");

    expect(refusalOf(given)).toBe(
      `settings file ${given.HUB_CONFIG}: portfolios at 0.pairs.0: a pair is written BASE/QUOTE, e.g. BTC/USDT`,
    );
  });

  test("when JSON in the environment is none", () => {
    expect(refusalOf({ HUB_LIMITS: "{a" })).toBe("setting HUB_LIMITS: is not valid JSON");
  });

  test.each(["databaseUrl", "supabaseKey"] as const)("when the file holds the secret %s", (key) => {
    const message = refusalOf(file(`${key}: hunter2\n`));

    expect(message).toMatch(new RegExp(`${key} is secret, set ${ENV_NAMES[key]} instead$`));
    expect(message).not.toContain("hunter2");
  });

  test.each(["tok\n", "a token", "tök"])(
    "when the service token is %j, which no header carries, and is not shown",
    (VVAULT_SERVICE_TOKEN) => {
      const refusal = refusalOf({ VVAULT_URL: "https://vault.test", VVAULT_SERVICE_TOKEN });

      expect(refusal).toMatch(/^setting VVAULT_SERVICE_TOKEN: holds a space, a line end/);
      expect(refusal).not.toContain(VVAULT_SERVICE_TOKEN);
    },
  );

  test("when a Supabase key has no project; a project's key may come from the vault", () => {
    expect(refusalOf({ SUPABASE_URL: "https://example.test" })).toBe("not refused");
    expect(refusalOf({ SUPABASE_KEY: "k" })).toBe(
      "setting SUPABASE_KEY: needs SUPABASE_URL as well",
    );
  });

  test("when the hub shall run faster than a real exchange", () => {
    expect(refusalOf({ HUB_MODE: "paper", HUB_SPEED: "60" })).toBe(
      "setting HUB_SPEED: must be 1 in paper mode",
    );
    expect(refusalOf({ HUB_SPEED: "60" })).toBe("not refused");
  });

  test("when things are to go wrong at a real exchange", () => {
    const faults = '[{"kind":"http-503"}]';

    expect(refusalOf({ HUB_MODE: "paper", HUB_SANDBOX_FAULTS: faults })).toBe(
      "setting HUB_SANDBOX_FAULTS: things go wrong in sandbox mode only",
    );
    expect(refusalOf({ HUB_MODE: "paper", HUB_SANDBOX_FAULTS: "[]" })).toBe("not refused");
    expect(refusalOf({ HUB_SANDBOX_FAULTS: faults })).toBe("not refused");
  });

  test("when a recording shall play beside a real exchange", () => {
    expect(refusalOf({ HUB_MODE: "paper", HUB_REPLAY_DIR: "recorded" })).toBe(
      "setting HUB_REPLAY_DIR: a recording plays in sandbox mode only",
    );
  });

  test("when a recorded instant is named and no recording", () => {
    expect(refusalOf({ HUB_REPLAY_AT: "2026-01-05T12:00:00Z" })).toMatch(/needs HUB_REPLAY_DIR/);
  });
});
