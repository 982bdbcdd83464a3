import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StartRefusal } from "../../../src/config/refusal.ts";
import { loadMarket } from "../../../src/exchanges/sandbox/index.ts";
import { candleLines, folderOf, HEADER } from "./kit/recordings.ts";

const START = Date.UTC(2023, 0, 2);
const MINUTE = 60_000;
const NAME = "BTC_USDT-1m-20230102-20230103.csv.gz";

const load = (replayDir: string, replayAtMs = START + 5 * MINUTE) =>
  loadMarket({ seed: "tests", nowMs: Date.UTC(2026, 10, 22), replayDir, replayAtMs });

describe("a replay folder", () => {
  test.each<[string, string, RegExp]>([
    ["too few columns", `${START + 3 * MINUTE},10,12,9,11`, /5 columns instead of 6/],
    ["a word", `${START + 3 * MINUTE},10,12,nine,11,1`, /"nine" is not a number/],
    ["an exponent", `${START + 3 * MINUTE},10,12,9,11,1e3`, /"1e3" is not a number/],
    ["an empty cell", `${START + 3 * MINUTE},10,12,9,11,`, /"" is not a number/],
    ["a duplicate", `${START + 2 * MINUTE},10,12,9,11,1`, /duplicate/],
    ["a row out of order", `${START + MINUTE},10,12,9,11,1`, /older than the line before/],
    ["a time off the grid", `${START + 3 * MINUTE + 1},10,12,9,11,1`, /off the 1m grid/],
    ["high below low", `${START + 3 * MINUTE},10,8,9,11,1`, /high is below low/],
    ["high below close", `${START + 3 * MINUTE},10,10.5,9,11,1`, /high is below open or close/],
    ["low above open", `${START + 3 * MINUTE},10,12,10.5,11,1`, /low is above open or close/],
    ["a price of zero", `${START + 3 * MINUTE},10,12,0,11,1`, /not above zero/],
    ["a negative volume", `${START + 3 * MINUTE},10,12,9,11,-1`, /volume is negative/],
    [
      "a number beyond 64 bits",
      `${START + 3 * MINUTE},10,12,9,11,${"9".repeat(20)}`,
      /too many digits/,
    ],
  ])("with %s in a line is refused by file and line", async (_what, line, message) => {
    const lines = candleLines(START, MINUTE, 10);
    const folder = await folderOf({ [NAME]: [HEADER, ...lines.with(3, line)] });

    const loading = load(folder);

    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toThrow(`recording ${NAME} line 5: `);
    await expect(loading).rejects.toBeInstanceOf(StartRefusal);
  });

  test.each<[string, Record<string, string[]>, RegExp]>([
    ["another header", { [NAME]: ["time,o,h,l,c,v"] }, /line 1: the header/],
    ["no rows", { [NAME]: [HEADER] }, /holds no candles/],
    ["no candle files", { "known_gaps.csv": ["file"] }, /holds no BASE_QUOTE/],
    ["a first line without a time", { [NAME]: [HEADER, "soon,1,1,1,1,1"] }, /first row: "soon"/],
    [
      "nothing at the asked instant",
      { [NAME]: [HEADER, ...candleLines(START, MINUTE, 3)] },
      /no file contains 2023-01-02T00:05/,
    ],
  ])("with %s is refused", async (_what, files, message) => {
    await expect(load(await folderOf(files))).rejects.toThrow(message);
  });

  test("that does not exist, or is damaged, is refused", async () => {
    await expect(load("/no/such/folder")).rejects.toThrow(/replay folder/);
    const folder = await folderOf({});
    await writeFile(join(folder, NAME), "no gzip at all");
    await expect(load(folder)).rejects.toThrow(`recording ${NAME}: incorrect header check`);
  });

  test("must be given when an instant is", async () => {
    await expect(loadMarket({ seed: "s", nowMs: 0, replayAtMs: 1 })).rejects.toThrow(/folder/);
  });

  test("plays a pair's finest file that contains the instant, plain or packed", async () => {
    const folder = await folderOf({
      [NAME]: [HEADER, ...candleLines(START, MINUTE, 10)],
      "BTC_USDT-5m-2022.csv": [HEADER, ...candleLines(START - 3_000_000, 300_000, 20)],
      "ETH_BTC-5m.csv": [HEADER, ...candleLines(START, 300_000, 3)],
      "LTC_USDT-1h-2021.csv": [HEADER, ...candleLines(START - 36_000_000, 3_600_000, 5)],
      "known_gaps.csv": ["not,ours"],
      "multi_timeframe_snapshot-20240322T154002Z.csv": ["not ours"],
    });

    const fine = await load(folder);
    const coarse = await load(folder, START + 20 * MINUTE);

    expect(fine.identity.replay?.files).toBe(`${NAME},ETH_BTC-5m.csv`);
    expect(fine.market.listings.map(({ symbol, shortest }) => [symbol, shortest])).toEqual([
      ["BTCUSDT", "1m"],
      ["ETHBTC", "5m"],
    ]);
    expect(coarse.market.listings).toMatchObject([{ symbol: "BTCUSDT", shortest: "5m" }]);
  });
});
