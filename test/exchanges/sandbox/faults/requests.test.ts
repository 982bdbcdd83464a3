import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Fault,
  faultSource,
  parseFaultPlan,
} from "../../../../src/exchanges/sandbox/index.ts";
import { NOW, openSandbox } from "../kit/world.ts";

const PATH = "/api/v3/klines";
const KLINES = `${PATH}?symbol=BTCUSDT&interval=1m&limit=8`;
const MINUTE_MS = 60_000;

/** An exchange whose first so many answers about candles, or about the time, go wrong. */
async function spoilt(fault: object, calls = 1, over: Parameters<typeof openSandbox>[0] = {}) {
  const world = await openSandbox({
    faults: faultSource(parseFaultPlan([{ ...fault, calls }])),
    ...over,
  });
  onTestFinished(() => world.sandbox.close());
  const rows = async (): Promise<(number | string)[][]> =>
    (await world.get(KLINES)).body as (number | string)[][];
  return { ...world, rows };
}

describe("an answer that a fault takes the place of", () => {
  test.each([
    ["http-429", 429, /-1003/],
    ["http-418", 418, /-1003/],
    ["http-403", 403, /<html>/],
    ["http-451", 451, /restricted location/],
    ["http-500", 500, /-1000/],
    ["http-502", 502, /<html>/],
    ["http-503", 503, /-1008/],
    ["html", 200, /<html>/],
    ["null-body", 200, /^null$/],
    ["empty-object", 200, /^{}$/],
  ])("%s has status %i, and the next one is sound", async (kind, status, body) => {
    const { sandbox, rows } = await spoilt({ kind });

    const answer = await fetch(sandbox.url + KLINES);

    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(body);
    expect(await rows()).toHaveLength(8);
  });

  test.each(["http-429", "http-418"])("%s says when to come back", async (kind) => {
    const { get } = await spoilt({ kind, retryAfterS: 7 });

    expect((await get(KLINES)).headers.get("retry-after")).toBe("7");
  });

  test("truncated JSON has the length it says", async () => {
    const { get } = await spoilt({ kind: "truncated-json" });

    const { status, headers, body } = await get(KLINES);

    expect([status, headers.get("content-length")]).toEqual([200, String(String(body).length)]);
    expect(body).toMatch(/^\[\[\d/);
  });
});

describe("a connection", () => {
  test.each([
    ["cut-body", "terminated"],
    ["connection-reset", "fetch failed"],
  ])("ends by %s, and the next request has an answer", async (kind, message) => {
    const { get, rows } = await spoilt({ kind });

    await expect(get(KLINES)).rejects.toThrow(message);
    expect(await rows()).toHaveLength(8);
  });

  test.each(["slow-headers", "stalled-body"])("waits by %s", async (kind) => {
    const { sandbox } = await spoilt({ kind });

    const waiting = fetch(sandbox.url + KLINES, { signal: AbortSignal.timeout(200) });

    await expect(waiting.then((answer) => answer.text())).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });

  test("has its answer after a while where the headers are but slow", async () => {
    const { rows } = await spoilt({ kind: "slow-headers", waitMs: 30 });

    expect(await rows()).toHaveLength(8);
  });

  test("is refused until the exchange is back, at the address it had", async () => {
    const { get, sandbox, clock, rows } = await spoilt({
      kind: "connection-refused",
      lastsMs: 5_000,
    });
    await expect(get(KLINES)).rejects.toThrow("fetch failed");
    await clock.advance(4_999);
    await expect(fetch(sandbox.url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });

    await clock.advance(1);

    expect(await rows()).toHaveLength(8);
  });

  test("is not taken up again by an exchange that was closed meanwhile", async () => {
    const { get, sandbox, clock } = await spoilt({ kind: "connection-refused", lastsMs: 5_000 });
    await expect(get(KLINES)).rejects.toThrow("fetch failed");

    await sandbox.close();
    await clock.advance(5_000);

    expect(clock.pending).toBe(0);
    await expect(fetch(sandbox.url)).rejects.toThrow("fetch failed");
  });
});

test("maintenance is for everybody, until it is over", async () => {
  const { get, clock } = await spoilt({ kind: "maintenance", path: PATH });
  const statuses = async () => [(await get(KLINES)).status, (await get("/api/v3/ping")).status];

  expect(await statuses()).toEqual([503, 503]);
  await clock.advance(60 * MINUTE_MS - 1);
  expect(await statuses()).toEqual([503, 503]);
  await clock.advance(1);
  expect(await statuses()).toEqual([200, 200]);
});

describe("candles", () => {
  /** The rows of a bad answer and of the good one after it; the clock stands still. */
  async function bothOf(fault: object) {
    const { rows } = await spoilt(fault);
    return { bad: await rows(), good: await rows() };
  }

  test("come late by so much, the forming one as well", async () => {
    // Half a minute into a candle: the last one closed 31.5 s ago.
    const soon = await bothOf({ kind: "late-candle", lateMs: 31_000 });
    expect(soon.bad).toEqual(soon.good.slice(0, 7));
    const later = await bothOf({ kind: "late-candle", lateMs: 32_000 });
    expect(later.bad).toEqual(later.good.slice(0, 6));
  });

  test("lack each of so many rows", async () => {
    const { bad, good } = await bothOf({ kind: "missing-rows", every: 4 });

    const kept = good.filter(([openTime]) => (Number(openTime) / MINUTE_MS) % 4 !== 0);
    expect(bad).toEqual(kept);
    expect(bad).toHaveLength(6);
  });

  test("come twice, backwards, or off the grid", async () => {
    const twice = await bothOf({ kind: "duplicate-rows" });
    expect(twice.bad).toEqual(twice.good.flatMap((row) => [row, row]));
    const reversed = await bothOf({ kind: "reversed-rows" });
    expect(reversed.bad).toEqual(reversed.good.toReversed());
    const shifted = await bothOf({ kind: "misaligned-rows", shiftMs: 7 });
    expect(shifted.bad.map(([at]) => at)).toEqual(shifted.good.map(([at]) => Number(at) + 7));
  });

  test.each([
    ["nan-price", { 4: "NaN" }],
    ["negative-price", { 3: "-1.00000000" }],
    ["zero-price", { 3: "0.00000000" }],
  ])("have one figure that cannot be: %s", async (kind, cells) => {
    const { bad, good } = await bothOf({ kind });

    expect(bad).toEqual(good.map((row, i) => (i === 6 ? Object.assign([...row], cells) : row)));
  });

  test("are another one at first and revised then, twice in one answer if they conflict", async () => {
    const { bad, good } = await bothOf({ kind: "revised-candle" });
    expect(bad.filter((row, i) => String(row) !== String(good[i]))).toHaveLength(1);
    expect(bad[6]?.[5]).not.toBe(good[6]?.[5]);
    const conflicting = await bothOf({ kind: "duplicate-rows", conflicting: true });
    expect(conflicting.bad).toHaveLength(16);
    expect(new Set(conflicting.bad.map(String)).size).toBe(16);
  });

  test("lack an older one in every second answer", async () => {
    const { rows } = await spoilt({ kind: "flapping-rows", back: 2 }, 4);

    const lengths = [await rows(), await rows(), await rows(), await rows()].map((r) => r.length);

    expect(lengths).toEqual([8, 7, 8, 7]);
  });
});

describe("the time", () => {
  const timeOf = async (fault: Fault, nowMs: number): Promise<number> => {
    const { get } = await spoilt(fault, 1, { nowMs });
    return ((await get("/api/v3/time")).body as { serverTime: number }).serverTime - nowMs;
  };

  test("is ahead or behind by so much", async () => {
    expect(await timeOf({ kind: "clock-skew", skewMs: -11_000 }, NOW)).toBe(-11_000);
  });

  test("steps to and fro", async () => {
    const fault = { kind: "clock-step", stepMs: 500, everyMs: 1_000 } as const;
    const even = Math.floor(NOW / 2_000) * 2_000;

    expect(await timeOf(fault, even + 999)).toBe(0);
    expect(await timeOf(fault, even + 1_000)).toBe(500);
    expect(await timeOf(fault, even + 2_000)).toBe(0);
  });
});
