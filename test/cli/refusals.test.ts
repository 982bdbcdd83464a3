import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findHub } from "../../src/cli/address.ts";
import { sortVariables } from "../../src/config/env.ts";
import { fakeHub, hub } from "./fake-hub.ts";

let HUB_DATA_DIR = "";
beforeEach(() => {
  HUB_DATA_DIR = mkdtempSync(join(tmpdir(), "hub-cli-"));
  writeFileSync(join(HUB_DATA_DIR, "operator.token"), "hub_from_file\n");
});
afterEach(() => rmSync(HUB_DATA_DIR, { recursive: true }));

describe("the command line", () => {
  test("says that the hub is not running, and how to start it", async () => {
    const gone = await fakeHub({});
    await gone.close();

    const { exitCode, out, err } = await hub(["status"], { HUB_URL: gone.url });

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toBe(`hub is not running at ${gone.url} (start it with npm start)`);
  });

  test("says where a token is looked for when the hub wants one", async () => {
    const running = await fakeHub({
      "GET /api/v1/watchlist": { status: 401, body: { detail: "This token is not known." } },
    });
    try {
      const environment = { HUB_URL: running.url, HUB_DATA_DIR };

      const { exitCode, err } = await hub(["watch", "list"], environment);

      expect(exitCode).toBe(1);
      expect(err).toBe(
        `This token is not known. (set HUB_TOKEN, or make ${HUB_DATA_DIR}/operator.token readable)`,
      );
      expect(running.asked[0]?.token).toBe("Bearer hub_from_file");
    } finally {
      await running.close();
    }
  });

  test("says that an answer of another shape is not understood", async () => {
    const running = await fakeHub({ "GET /api/v1/watchlist": { body: { watchlist: [{}] } } });
    try {
      const { exitCode, err } = await hub(["watch", "list"], { HUB_URL: running.url });

      expect(exitCode).toBe(1);
      expect(err).toMatch(/not understood at watchlist\.0\.exchange: is it another version\?$/);
    } finally {
      await running.close();
    }
  });

  test.each([
    [["watch", "add", "binance"]],
    [["no-such-command"]],
    [["status", "--no-such"]],
    [[]],
  ])("ends with 2 for %j", async (argv) => {
    expect(await hub(argv, {})).toMatchObject({ exitCode: 2, out: "" });
  });

  test("ends with 0 when it is asked for help", async () => {
    const { exitCode, out } = await hub(["watch", "add", "--help"], {});

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Usage: hub watch add/);
    expect(out).toMatch(/--json/);
  });

  test("hands the exit code of a started hub on", async () => {
    expect(await hub(["start"], {})).toMatchObject({ exitCode: 70 });
  });
});

describe("hub config", () => {
  test("prints settings with their origin and no secret", async () => {
    const environment = { PORT: "7000", DATABASE_URL: "postgres://hub:hunter2@db/hub" };

    const { out } = await hub(["config"], environment);

    expect(out).toMatch(/^port +PORT +environment +7000$/m);
    expect(out).toMatch(/^databaseUrl +DATABASE_URL +environment +<redacted>$/m);
    expect(out).not.toContain("hunter2");
  });

  test("refuses bad settings with one line", async () => {
    const { exitCode, err } = await hub(["config"], { PORT: "x" });

    expect(exitCode).toBe(1);
    expect(err).toMatch(/^setting PORT: [^\n]+$/);
  });
});

describe("the hub's address", () => {
  test("follows the settings, and is this machine when the hub listens everywhere", () => {
    expect(findHub(sortVariables({ PORT: "7000" })).url).toBe("http://127.0.0.1:7000");
    expect(findHub(sortVariables({ HOST: "0.0.0.0" })).url).toBe("http://127.0.0.1:5000");
    expect(findHub(sortVariables({ HOST: "::" })).url).toBe("http://[::1]:5000");
  });

  test("is refused when nobody can know it", () => {
    expect(() => findHub(sortVariables({ PORT: "0" }))).toThrow(
      "PORT is 0, so the hub's port is unknown",
    );
    expect(() => findHub(sortVariables({ HUB_URL: "hub" }))).toThrow("HUB_URL is not an address");
  });

  test("does not get this machine's token when it is another machine", () => {
    const HUB_URL = "https://hub.example.test";

    expect(findHub(sortVariables({ HUB_URL, HUB_DATA_DIR })).token).toBeUndefined();
    expect(
      findHub(sortVariables({ HUB_URL, HUB_DATA_DIR, HUB_TOKEN: "t" })).token?.use((text) => text),
    ).toBe("t");
    expect(findHub(sortVariables({ HUB_DATA_DIR })).token?.use((text) => text)).toBe(
      "hub_from_file",
    );
  });
});
