import { describe, expect, test } from "vitest";
import { openSandbox } from "./kit/world.ts";

const used = (answer: { headers: Headers }) => Number(answer.headers.get("x-mbx-used-weight-1m"));

describe("the sandbox's request budget", () => {
  test("charges each request as the venue does", async () => {
    const { get, sandbox } = await openSandbox({ extraSymbols: 100 });
    const names = (count: number) =>
      JSON.stringify(
        Array.from({ length: count }, (_, i) => `S${String(i + 1).padStart(4, "0")}USDT`),
      );
    const prices: [string, number][] = [
      ["ping", 1],
      ["time", 1],
      ["exchangeInfo", 20],
      ["klines?symbol=BTCUSDT&interval=1m&limit=5", 2],
      ["depth?symbol=BTCUSDT", 5],
      ["depth?symbol=BTCUSDT&limit=100", 5],
      ["depth?symbol=BTCUSDT&limit=101", 25],
      ["depth?symbol=BTCUSDT&limit=501", 50],
      ["depth?symbol=BTCUSDT&limit=1001", 250],
      ["ticker/24hr?symbol=BTCUSDT", 2],
      [`ticker/24hr?symbols=${names(20)}`, 2],
      [`ticker/24hr?symbols=${names(21)}`, 40],
      [`ticker/24hr?symbols=${names(100)}`, 40],
      ["ticker/24hr", 80],
      ["ticker/bookTicker?symbol=BTCUSDT", 2],
      ["ticker/bookTicker", 4],
      [`ticker/bookTicker?symbols=${names(2)}`, 4],
      ["ticker/price?symbol=BTCUSDT", 2],
      ["ticker/price", 4],
      ["klines?symbol=NOPE&interval=1m", 2],
    ];

    let before = 0;
    const charged: [string, number][] = [];
    for (const [path] of prices) {
      const now = used(await get(`/api/v3/${path}`));
      charged.push([path, now - before]);
      before = now;
    }
    await sandbox.close();

    expect(charged).toEqual(prices);
  });

  test("is refused beyond 6,000, says when to come back, and is whole in the next minute", async () => {
    const { get, sandbox, clock } = await openSandbox();
    const deep = "/api/v3/depth?symbol=BTCUSDT&limit=5000";
    for (let i = 0; i < 24; i++) expect((await get(deep)).status).toBe(200);

    const refused = await get("/api/v3/ping");
    await clock.advance(28_500);
    const whole = await get("/api/v3/ping");
    await sandbox.close();

    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: -1003 });
    // It is 31.5 s past the minute.
    expect(refused.headers.get("retry-after")).toBe("29");
    expect(whole.status).toBe(200);
    expect(used(whole)).toBe(1);
  });

  test("shuts out who goes on after refusals, the second time for longer", async () => {
    const { get, sandbox, clock } = await openSandbox();
    const provoke = async () => {
      for (let i = 0; i < 24 + 30; i++) await get("/api/v3/depth?symbol=BTCUSDT&limit=5000");
      return get("/api/v3/ping");
    };

    const first = await provoke();
    await clock.advance(119_000);
    const still = await get("/api/v3/ping");
    await clock.advance(1_000);
    const free = await get("/api/v3/ping");
    const second = await provoke();
    await sandbox.close();

    expect(first.status).toBe(418);
    expect(first.headers.get("retry-after")).toBe("120");
    expect(still.status).toBe(418);
    expect(free.status).toBe(200);
    expect(second.headers.get("retry-after")).toBe("240");
  });
});
