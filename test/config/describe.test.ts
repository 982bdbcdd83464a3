import { describe, expect, test } from "vitest";
import { readEnvironment } from "../../src/config/env.ts";
import { describeSettings, loadSettings } from "../../src/config/load.ts";

describe("described settings", () => {
  test("name each setting with its env name, its origin and its value", () => {
    const described = describeSettings(loadSettings({ PORT: "7000" }));

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

    const set = describeSettings(loadSettings({ DATABASE_URL: secret }));
    const unset = describeSettings(loadSettings({}));

    expect(JSON.stringify(set)).not.toContain("hunter2");
    expect(set.find(({ key }) => key === "databaseUrl")?.value).toBe("<redacted>");
    expect(unset.find(({ key }) => key === "databaseUrl")?.value).toBeNull();
  });
});

describe("the environment", () => {
  test("counts an empty value as unset", () => {
    process.env["HUB_TEST_EMPTY"] = "";
    process.env["HUB_TEST_FULL"] = "x";
    try {
      const environment = readEnvironment();

      expect(environment["HUB_TEST_EMPTY"]).toBeUndefined();
      expect(environment["HUB_TEST_FULL"]).toBe("x");
    } finally {
      delete process.env["HUB_TEST_EMPTY"];
      delete process.env["HUB_TEST_FULL"];
    }
  });
});
