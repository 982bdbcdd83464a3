import { execFile } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Timeframe, timeframeMinutes, timeframeMs } from "../../src/market/timeframe.ts";
import { reseal } from "../store/transfer/reseal.ts";
import { rowsOf } from "../store/transfer/rows-of.ts";
import { type ApiOrder, type ApiSignal, allCandles, allSignals } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SPEED = { HUB_SPEED: "60" };

/** A command line in a process of its own, as a user types it. */
function hub(dataDir: string, ...argv: readonly string[]) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env["PATH"] ?? "", HUB_DATA_DIR: dataDir };
    const options = { cwd: ROOT, env };
    const child = execFile(process.execPath, ["bin/hub.mjs", ...argv], options, (_, out, err) =>
      resolve({ code: child.exitCode, stdout: out, stderr: err }),
    );
  });
}

const keyOf = ({ series, openTime, strategy }: ApiSignal): string =>
  [
    series.exchange,
    series.pair,
    timeframeMinutes(series.timeframe as Timeframe),
    strategy,
    openTime,
  ].join(" ");

describe("a hub that moves to another database", () => {
  const old = dataFolder();
  const fresh = dataFolder();
  const files = dataFolder();
  const file = join(files.path, "hub.jsonl");
  let running: HubProcess | undefined;

  /** Leaves an export of a hub that has traded, and whose clock the other folder goes on with. */
  beforeAll(async () => {
    const first = await HubProcess.start(old.path, SPEED);
    running = first;
    await until(async () => (await allSignals(first)).length >= 3, 90_000, "three signals");
    await first.stop();
    running = undefined;
    await hub(old.path, "db", "export", file);
    copyFileSync(join(old.path, "sandbox.json"), join(fresh.path, "sandbox.json"));
  }, 180_000);

  afterAll(async () => {
    await running?.stop();
    for (const folder of [old, fresh, files]) folder.remove();
  });

  test("does not start on what a broken import left, and says what to do", async () => {
    const broken = join(files.path, "broken.jsonl");
    reseal(file, broken, (lines) => {
      const at = lines.findIndex((line) => line.includes('"table":"hub.signals"')) + 1;
      return lines.with(at, (lines[at] ?? "").replace(/"buy"|"sell"/, '"neither"'));
    });

    const imported = await hub(fresh.path, "db", "import", broken);
    const started = await HubProcess.refused(fresh.path, { ...SPEED, LOG_LEVEL: "error" });

    expect(imported).toMatchObject({ code: 1, stdout: "" });
    expect(imported.stderr.trim().split("\n").at(-1)).toMatch(
      /^the import did not end, run it again/,
    );
    expect(started).toMatchObject({ code: 1, stdout: "" });
    expect(started.stderr.trim()).toMatch(/^an import into this database has not ended: [^\n]+$/);
  }, 60_000);

  test("goes on: every candle and decision is kept, none is made twice", async () => {
    expect(await hub(fresh.path, "db", "import", file)).toMatchObject({ code: 0, stderr: "" });
    const [series, candles, signals, orders] = await Promise.all(
      ["hub.series", "hub.candles", "hub.signals", "hub.orders"].map((name) => rowsOf(file, name)),
    );
    const minute = series?.find(({ pair, tf }) => pair === "BTC/USDT" && tf === "1");
    const stored = candles?.filter((row) => row["series_id"] === minute?.["id"]) ?? [];

    const second = await HubProcess.start(fresh.path, SPEED);
    running = second;
    const now = await until(
      async () => {
        const found = await allCandles(second, "BTC/USDT", "1m");
        return found.length > stored.length + 3 ? found : undefined;
      },
      60_000,
      "candles beyond those that were imported",
    );

    const old = now.slice(0, stored.length).map((row) => [row.openTime, row.close]);
    expect(old).toEqual(
      stored.map((row) => [Date.parse(row["open_time"] ?? ""), Number(row["close"])]),
    );
    const gapless = now.every(
      ({ openTime }, i) => openTime === (now[0]?.openTime ?? 0) + i * timeframeMs("1m"),
    );
    expect(gapless).toBe(true);
    // What an analyst had finished with before the move raises nothing after it.
    const finished = new Map(
      series?.map((row) => [
        `${row["exchange"]} ${row["pair"]} ${row["tf"]}`,
        Date.parse(row["evaluated_to"] ?? "1970-01-01Z"),
      ]),
    );
    const keys = (await allSignals(second)).map(keyOf);
    const known = signals?.map((row) =>
      [
        row["exchange"],
        row["pair"],
        row["tf"],
        row["strategy"],
        Date.parse(row["open_time"] ?? ""),
      ].join(" "),
    );
    const early = keys.filter((key) => {
      const [exchange, pair, tf, , openTime] = key.split(" ");
      return Number(openTime) <= (finished.get(`${exchange} ${pair} ${tf}`) ?? 0);
    });
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(known ?? []));
    expect(early.filter((key) => !known?.includes(key))).toEqual([]);
    const { orders: listed } = await second.get<{ orders: ApiOrder[] }>(
      "/api/v1/orders?limit=1000",
    );
    const ids = listed.map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(orders?.map((row) => row["client_order_id"]) ?? []));
  }, 120_000);

  test("is seen by the commands: an export beside it, no import into it", async () => {
    const beside = join(files.path, "beside.jsonl.gz");

    const status = await hub(fresh.path, "db", "status");
    const exported = await hub(fresh.path, "db", "export", beside);
    const imported = await hub(fresh.path, "db", "import", beside);

    expect(status.stdout).toMatch(/^in use by +(?!nobody)\S/m);
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    expect(imported).toMatchObject({ code: 1, stdout: "" });
    expect(imported.stderr).toBe("a hub runs on this database: stop it first\n");
  }, 60_000);
});
