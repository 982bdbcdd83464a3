import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { emptyDataDir, FAST, MIGRATIONS_DIR } from "../kit/store.ts";
import { candleRow, MINUTE, MONDAY } from "../store/builders.ts";
import { tamper } from "../store/ledger/world.ts";
import { hub } from "./fake-hub.ts";

const SERIES = { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" } as const;

describe("hub candles verify", () => {
  const dataDir = emptyDataDir();
  const environment = { HUB_DATA_DIR: dataDir };
  const open = () =>
    openStore({ dataDir, migrationsDir: MIGRATIONS_DIR, log: () => {}, embeddedSettings: FAST });

  beforeAll(async () => {
    const opened = await open();
    const { id } = (await opened.store.watch.add("default", SERIES, "test", MONDAY)).series;
    const rows = Array.from({ length: 10 }, (_, i) => candleRow(id, i));
    await opened.store.candles.upsert("1m", rows);
    await opened.stop();
  });

  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  test("proves a sound store without a hub, and says how much it read", async () => {
    const { exitCode, out } = await hub(["candles", "verify"], environment);

    expect({ exitCode, out }).toEqual({ exitCode: 0, out: "10 rows of 1 series: all proven" });
  });

  test("works beside a hub that has the database open", async () => {
    const running = await open();

    const { exitCode } = await hub(
      ["candles", "verify", "--series", "binance:BTC/USDT:1m"],
      environment,
    );

    await running.stop();
    expect(exitCode).toBe(0);
  });

  test("refuses a series that nobody ever followed", async () => {
    const { exitCode, err } = await hub(
      ["candles", "verify", "--series", "binance:SOL/USDT:1m"],
      environment,
    );

    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: "no candles of binance:SOL/USDT:1m were ever stored",
    });
  });

  test("names the candle of which a byte was flipped, with an exit code of its own", async () => {
    const running = await open();
    const socketDir =
      running.place !== undefined && "socketDir" in running.place ? running.place.socketDir : "";
    const at = MONDAY + 4 * MINUTE;
    // The lowest bit of the close, as a fault of the disk would flip it.
    await tamper(
      socketDir,
      `update hub.candles set close = close + 1.4210854715202004e-14 where open_time = to_timestamp($1 / 1000.0)`,
      [at],
    );
    await running.stop();

    const { exitCode, out } = await hub(["candles", "verify"], environment);
    const json = await hub(["--json", "candles", "verify"], environment);

    expect(exitCode).toBe(3);
    expect(out).toMatch(/1 series damaged/);
    expect(out).toMatch(/binance:BTC\/USDT:1m\s+2026-01-05 00:04.*does not fit its hash/);
    expect(JSON.parse(json.out)).toMatchObject([
      { series: "binance:BTC/USDT:1m", findings: [{ openTime: at, fault: { kind: "altered" } }] },
    ]);
  });
});
