import { describe, expect, test } from "vitest";
import type { StoreFigures } from "../../src/store/upkeep-port.ts";
import { withStore } from "../kit/store.ts";
import { BTC_1M, candleRow, MONDAY } from "../store/builders.ts";
import { hub } from "./fake-hub.ts";

const opened = withStore();
const stats = (...options: string[]) =>
  hub(["db", "stats", ...options], { HUB_DATA_DIR: opened.dataDir });

describe("hub db stats", () => {
  test("shows what a running database holds, largest first", async () => {
    const { candles, watch } = opened.store;
    const { series } = await watch.add("main", BTC_1M, "test", MONDAY);
    const rows = Array.from({ length: 2_000 }, (_, i) => candleRow(series.id, i));
    await candles.upsert("1m", rows);

    const { exitCode, out } = await stats();

    expect(exitCode).toBe(0);
    const [head, first] = out.split("\n");
    expect(head).toMatch(/^table +rows +counted +table MB +index MB +total MB +bytes a candle/);
    expect(first).toMatch(
      /^candles 1m +2000 +exactly .* 2026-01-05 00:00:00Z +2026-01-06 09:19:00Z$/,
    );
    expect(out).toMatch(/\nsignals +0 +exactly/);
    expect(out).toMatch(/\n\nthe whole database: \d+\.\d MB$/);
    expect(out).not.toContain("2026-01 ");
  });

  test("shows candles month by month when asked to", async () => {
    const { out } = await stats("--partitions");

    expect(out).toMatch(/^candles 1m .*\n {2}2026-01 +2000 +exactly/m);
  });

  test("gives the plain figures as JSON", async () => {
    const { out } = await stats("--json");

    const figures = JSON.parse(out) as StoreFigures;
    expect(figures.candles.find(({ timeframe }) => timeframe === "1m")).toMatchObject({
      rows: 2_000,
      oldest: MONDAY,
      months: [],
    });
  });

  test("says in one line that nobody answers, without the login", async () => {
    const url = "postgresql://keeper:s3cret@127.0.0.1:1/hub";

    const { exitCode, out, err } = await hub(["db", "stats"], { DATABASE_URL: url });

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/^the database: .*ECONNREFUSED[^\n]*$/);
    expect(err).not.toMatch(/s3cret|keeper/);
  });
});
