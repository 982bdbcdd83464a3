import { describe, expect, test } from "vitest";
import type { Fault } from "../../../src/exchanges/sandbox/index.ts";
import { openSandbox } from "./kit/world.ts";

const KLINES = "/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=5";

async function first(fault: Fault) {
  const world = await openSandbox({
    faults: (path, symbol, interval, callIndex) =>
      path === "/api/v3/klines" && symbol === "BTCUSDT" && interval === "1m" && callIndex === 0
        ? fault
        : undefined,
  });
  return world;
}

describe("a fault", () => {
  test("replaces one answer by a status and a body, and the next is sound", async () => {
    const { get, sandbox } = await first({
      status: 503,
      body: { code: -1008 },
      headers: { "retry-after": "7" },
    });

    const spoilt = await get(KLINES);
    const sound = await get(KLINES);
    await sandbox.close();

    expect(spoilt).toMatchObject({ status: 503, body: { code: -1008 } });
    expect(spoilt.headers.get("retry-after")).toBe("7");
    expect(sound.body).toHaveLength(5);
  });

  test("shows a page in place of JSON", async () => {
    const { get, sandbox } = await first("html");

    const spoilt = await get(KLINES);
    await sandbox.close();

    expect(spoilt.status).toBe(200);
    expect(spoilt.body).toContain("<html>");
  });

  test("ends the connection in the middle of an answer", async () => {
    const { get, sandbox } = await first("cut");

    await expect(get(KLINES)).rejects.toThrow("terminated");
    await sandbox.close();
  });

  test("lets a request wait without end", async () => {
    const { sandbox } = await first("hang");

    const waiting = fetch(`${sandbox.url}${KLINES}`, { signal: AbortSignal.timeout(200) });

    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
    await sandbox.close();
  });

  test("leaves out the newest candles", async () => {
    const { get, sandbox } = await first({ omitLast: 2 });

    const spoilt = (await get(KLINES)).body as unknown[][];
    const sound = (await get(KLINES)).body as unknown[][];
    await sandbox.close();

    expect(spoilt).toEqual(sound.slice(0, 3));
  });
});
