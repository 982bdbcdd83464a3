import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askFake, type FakeAnswer, hub } from "./fake-hub.ts";

const ask = (argv: readonly string[], on: string, answer: FakeAnswer) =>
  askFake(["strategies", ...argv], on, answer);

const RUNNING = {
  id: "momentum",
  version: "1",
  summary: "",
  parameters: { lookback_periods: 20 },
  timeframes: ["1h"],
  pairs: ["EUR/USD"],
  config: { name: "swing", version: 7, origin: "vault" },
  limits: { stakeFraction: 0.05 },
};

describe("hub strategies", () => {
  test("shows what runs, what made it run, what was refused and what is off", async () => {
    const { exitCode, out } = await ask([], "GET /api/v1/strategies", {
      body: {
        origin: "vault",
        confirmedAgeSeconds: 12.4,
        strategies: [RUNNING],
        refused: [
          { name: "odd", version: 2, reason: "symbols: names no pair", running: null },
          { name: "day", version: 5, reason: "risk_limits.x: is no limit", running: 4 },
        ],
        disabled: ["off"],
      },
    });

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^swing +7 +vault +momentum +EUR\/USD +1h +\{"lookback_periods":20\}$/m);
    expect(out).toContain("odd version 2 is refused, nothing runs in its place: symbols");
    expect(out).toContain("day version 5 is refused, version 4 runs in its place: risk_limits");
    expect(out).toContain("switched off: off");
    expect(out).toMatch(/the vault said so 12 s ago$/);
  });

  test("says that the settings rule when the vault has no row", async () => {
    const { out } = await ask([], "GET /api/v1/strategies", {
      body: {
        origin: "settings",
        confirmedAgeSeconds: 3,
        strategies: [],
        refused: [],
        disabled: [],
      },
    });

    expect(out).toMatch(/the vault had no row 3 s ago: the settings say what runs$/);
  });

  test("says plainly when nobody ever confirmed what runs", async () => {
    const { out } = await ask([], "GET /api/v1/strategies", {
      body: {
        origin: "settings",
        confirmedAgeSeconds: null,
        strategies: [{ ...RUNNING, pairs: null, timeframes: null }],
        refused: [],
        disabled: [],
      },
    });

    expect(out).toMatch(/momentum +all +all/);
    expect(out).toMatch(/never said what runs: no new positions are opened$/);
  });

  test.each([
    [{ kind: "unchanged" }, "nothing has changed"],
    [{ kind: "failed", reason: "no answer" }, "nothing was changed: no answer"],
    [
      { kind: "changed", started: ["a"], changed: [], stopped: ["b", "c"] },
      "started: a\nstopped: b, c",
    ],
  ])("refresh tells what came of it: %j", async (body, words) => {
    const { out } = await ask(["refresh"], "POST /api/v1/strategies/refresh", { body });

    expect(out).toBe(words);
  });
});

describe("rows of the vault", () => {
  let folder: string;
  let file: string;
  const run = (...argv: string[]) =>
    hub(["strategies", ...argv], { HUB_DATA_DIR: join(folder, "data") });
  const write = (text: string): void => writeFileSync(file, text);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hub-rows-"));
    file = join(folder, "row.yaml");
    write(
      [
        "params: { strategy_type: momentum, timeframe: 1H, lookback_periods: 20 }",
        "symbols: [EUR_USD, BTC/USDT]",
        "risk_limits: { max_position_size: 0.05 }",
      ].join("\n"),
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("are written from a file, without a hub that runs, and noted in the ledger", async () => {
    const first = await run("set", "swing", file);
    const second = await run("disable", "swing");
    const listed = await run("rows");

    expect(first.out).toMatch(/^row swing is at version 1;/);
    expect(second.out).toMatch(/version 2;/);
    expect(listed.out).toMatch(
      /^swing +2 +no +EUR_USD BTC\/USDT +\{.*"lookback_periods":20.*0\.05\}$/m,
    );
    expect(readFileSync(join(folder, "data/vault/ledger"), "utf8")).toMatch(/"strategy:swing"/);
  });

  test("keep what a file leaves out", async () => {
    await run("set", "swing", file);
    write("symbols: [GBP_USD]");
    await run("set", "swing", file);

    expect((await run("rows")).out).toMatch(/^swing +2 +yes +GBP_USD +.*"lookback_periods":20/m);
  });

  test.each([
    ["symbols: [nonsense]", /row swing: symbols: "nonsense" is no pair; nothing was written/],
    ["risk_limits: { max_daily_loss: 2 }", /risk_limits.max_daily_loss: .*; nothing was written/],
    ["limits: {}", /row.yaml: Unrecognized key/],
    ["symbols: 7", /row.yaml: symbols: /],
    ["params: [", /row.yaml cannot be read: /],
  ])("that the hub would refuse are not written: %s", async (text, reason) => {
    await run("set", "swing", file);
    write(text);

    const { exitCode, err } = await run("set", "swing", file);

    expect(exitCode).toBe(1);
    expect(err).toMatch(reason);
    expect((await run("rows")).out).toMatch(/^swing +1 /m);
  });

  test("can be removed, and the settings rule again after the last one", async () => {
    await run("set", "swing", file);

    expect((await run("remove", "swing")).out).toMatch(/^row swing is removed/);

    expect((await run("rows")).out).not.toContain("swing");
    expect((await run("remove", "swing")).err).toBe("there is no row swing");
  });

  test("cannot be switched when they are not there", async () => {
    const { exitCode, err } = await run("enable", "swing");

    expect(exitCode).toBe(1);
    expect(err).toMatch(/has no row swing/);
  });
});
