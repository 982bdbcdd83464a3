import { describe, expect, test } from "vitest";
import { sortVariables, takeEnvironment } from "../../src/config/env.ts";
import { describeSettings, loadSettings } from "../../src/config/load.ts";

describe("described settings", () => {
  test("name each setting with its env name, its origin and its value", () => {
    const described = describeSettings(loadSettings(sortVariables({ PORT: "7000" })));

    expect(described).toContainEqual({
      key: "port",
      env: "PORT",
      origin: "environment",
      value: 7000,
    });
    expect(described).toContainEqual({
      key: "replayDir",
      env: "HUB_REPLAY_DIR",
      origin: "default",
      value: null,
    });
  });

  test("hide secrets, and show when there is none", () => {
    const secret = "postgres://hub:hunter2@db/hub";

    const set = describeSettings(loadSettings(sortVariables({ DATABASE_URL: secret })));
    const unset = describeSettings(loadSettings(sortVariables({})));

    expect(JSON.stringify(set)).not.toContain("hunter2");
    expect(set.find(({ key }) => key === "databaseUrl")?.value).toBe("<redacted>");
    expect(unset.find(({ key }) => key === "databaseUrl")?.value).toBeNull();
  });
});

describe("the environment", () => {
  test("gives its secrets away once, wrapped, and keeps the rest", () => {
    const secrets = {
      DATABASE_URL: "a",
      SUPABASE_KEY: "b",
      VVAULT_SERVICE_TOKEN: "c",
      HUB_TOKEN: "d",
      OANDA_API_KEY: "e",
      OANDA_ACCOUNT_ID: "f",
      BINANCE_API_KEY: "g",
      BINANCE_API_SECRET: "h",
      OKX_PASSWORD: "i",
      PGPASSWORD: "j",
    };
    const others = { SUPABASE_URL: "https://x.test", HUB_VAULT_KEY_FILE: "/a/key" };
    const before = { ...process.env };
    Object.assign(process.env, secrets, others);
    try {
      const taken = takeEnvironment();

      for (const [name, value] of Object.entries(secrets)) {
        expect(taken.secrets.get(name)?.use((text) => text)).toBe(value);
        expect(process.env).not.toHaveProperty(name);
      }
      expect(taken.text).toMatchObject(others);
      expect(process.env).toMatchObject(others);
      expect(JSON.stringify({ ...taken, secrets: [...taken.secrets] })).not.toMatch(/"[a-j]"/);
      expect(takeEnvironment().secrets.size).toBe(0);
    } finally {
      for (const name of Object.keys({ ...secrets, ...others })) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  test("counts an empty value as unset", () => {
    process.env["HUB_TEST_EMPTY"] = "";
    process.env["HUB_TEST_FULL"] = "x";
    try {
      const environment = takeEnvironment();

      expect(environment.text["HUB_TEST_EMPTY"]).toBeUndefined();
      expect(environment.text["HUB_TEST_FULL"]).toBe("x");
    } finally {
      delete process.env["HUB_TEST_EMPTY"];
      delete process.env["HUB_TEST_FULL"];
    }
  });
});
