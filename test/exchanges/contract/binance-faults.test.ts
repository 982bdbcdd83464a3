import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ExchangeFailure } from "../../../src/exchanges/errors.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { recording } from "./recorded-venue.ts";
import { openRecorded, RECORDED_AT, type RecordedWorld } from "./recorded-world.ts";

const DEADLINE_MS = 400;
const REQUEST = { pair: "BTC/USDT", timeframe: "1m", limit: 5 } as const;
const KLINES = recording("binance", "klines-BTCUSDT");

let clock: ManualClock;
let world: RecordedWorld;

beforeEach(async () => {
  clock = new ManualClock(RECORDED_AT);
  world = await openRecorded("binance", clock, DEADLINE_MS);
  await world.market.instruments();
});
afterEach(async () => {
  await world.close();
});

/** Lets every answer about candles be made by the test. */
function answerCandles(write: (response: ServerResponse) => void): void {
  world.venue.fault = (path, response) => {
    if (!path.includes("/klines")) return false;
    write(response);
    return true;
  };
}

async function failureOfCandles(): Promise<ExchangeFailure> {
  const thrown: unknown = await world.market.candles(REQUEST).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ExchangeFailure);
  return thrown as ExchangeFailure;
}

async function expectRecovery(): Promise<void> {
  world.venue.fault = undefined;
  expect((await world.market.candles(REQUEST)).candles).toHaveLength(5);
}

describe("candles of binance in bad weather", () => {
  const nonsense: readonly (readonly [string, number, string])[] = [
    ["a page of HTML with status 200", 200, "<html><body>maintenance</body></html>"],
    ["an answer cut short", 200, KLINES.slice(0, 200)],
    ["null", 200, "null"],
    ["an empty body", 200, ""],
    ["an object in place of a list", 200, "{}"],
    ["a list of nothing", 200, "[null,null]"],
    ["rows without figures", 200, "[[],[]]"],
    ["HTML from a gateway that timed out", 524, "<html>timeout</html>"],
    ["HTML from an unknown gateway", 599, "<html>?</html>"],
    ["a venue under maintenance", 503, "<html>Service Unavailable</html>"],
    ["a server too busy", 503, '{"code":-1008,"msg":"Server is currently overloaded."}'],
    ["an error without a meaning", 400, '{"code":-9999,"msg":"?"}'],
  ];
  test.each(nonsense)("%s may pass", async (_name, status, body) => {
    answerCandles((response) => response.writeHead(status).end(body));
    expect(await failureOfCandles()).toMatchObject({ fault: "transient", retry: "later" });
    await expectRecovery();
  });

  test("a body that stalls ends at the deadline", async () => {
    answerCandles((response) => response.writeHead(200).write(KLINES.slice(0, 200)));
    const startedAt = performance.now();
    const failure = await failureOfCandles();
    expect(failure).toMatchObject({ fault: "transient" });
    expect(failure.message).toContain(`${DEADLINE_MS} ms`);
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS + 300);
    await expectRecovery();
  });

  test("headers that never come end at the deadline", async () => {
    answerCandles(() => undefined);
    expect((await failureOfCandles()).message).toContain(`${DEADLINE_MS} ms`);
  });

  test("a body that is cut off may pass", async () => {
    answerCandles((response) => {
      response.writeHead(200, { "content-length": String(KLINES.length) });
      response.write(KLINES.slice(0, 200));
      setTimeout(() => response.destroy(), 20);
    });
    expect(await failureOfCandles()).toMatchObject({ fault: "transient" });
    await expectRecovery();
  });

  test("a redirect is not followed", async () => {
    answerCandles((response) => response.writeHead(302, { location: "/api/v3/time" }).end());
    expect((await failureOfCandles()).message).toContain("redirect");
    expect(world.venue.asked).not.toContain("/api/v3/time");
  });

  test.each([429, 418])("status %i shuts us out until Retry-After has passed", async (status) => {
    answerCandles((response) => response.writeHead(status, { "retry-after": "30" }).end("{}"));
    const failure = await failureOfCandles();
    expect(failure).toMatchObject({ fault: "banned", untilMs: RECORDED_AT + 30_000 });

    const askedBefore = world.venue.asked.length;
    await clock.advance(29_999);
    expect(await failureOfCandles()).toMatchObject({ fault: "banned" });
    await expect(world.market.quotes(["BTC/USDT"])).rejects.toMatchObject({ fault: "banned" });
    expect(world.venue.asked.length).toBe(askedBefore);
    expect(world.market.budgetLeft()).toBe(0);

    await clock.advance(10_000);
    await expectRecovery();
  });

  test("a ban without Retry-After lasts two minutes", async () => {
    answerCandles((response) => response.writeHead(418).end("<html>teapot</html>"));
    expect(await failureOfCandles()).toMatchObject({ untilMs: RECORDED_AT + 120_000 });
  });

  test("a code for too many requests shuts us out whatever its status", async () => {
    answerCandles((response) => response.writeHead(400).end('{"code":-1003,"msg":"Too many"}'));
    expect(await failureOfCandles()).toMatchObject({ fault: "banned" });
  });

  test("a blocked country is for good", async () => {
    answerCandles((response) => response.writeHead(451).end("<html>not here</html>"));
    expect(await failureOfCandles()).toMatchObject({ fault: "permanent", retry: "never" });
  });

  test("a symbol the venue does not know any more is for good", async () => {
    answerCandles((response) =>
      response.writeHead(400).end('{"code":-1121,"msg":"Invalid symbol."}'),
    );
    const failure = await failureOfCandles();
    expect(failure).toMatchObject({ fault: "permanent" });
    expect(failure.message).toContain("Invalid symbol");
  });

  test("no failure tells the query of an address", async () => {
    answerCandles((response) => response.writeHead(503).end("<html></html>"));
    const failure = await failureOfCandles();
    expect(`${failure.message} ${String(failure.cause)}`).not.toMatch(/symbol=|limit=|\?/);
  });

  test("unsound rows are told apart from missing ones", async () => {
    const rows = JSON.parse(KLINES) as (string | number | null)[][];
    rows[1]![2] = "1.00"; // a high below its open
    rows[2]![4] = null;
    const [first, second, third, ...others] = rows;
    const again = [...(others[0] ?? [])];
    again[5] = "999";
    answerCandles((response) =>
      response.writeHead(200).end(JSON.stringify([...others, again, third, first, second, first])),
    );
    const { candles, rejected } = await world.market.candles({ ...REQUEST, limit: 10 });
    expect(candles.map(({ openTime }) => openTime)).toEqual([
      rows[0]![0],
      rows[4]![0],
      rows[5]![0],
    ]);
    expect(rejected).toHaveLength(3);
    expect(rejected).toEqual(
      expect.arrayContaining([
        { openTime: rows[1]![0], reason: "high-below-body" },
        { openTime: rows[2]![0], reason: "incomplete" },
        { openTime: rows[3]![0], reason: "conflicting-duplicate" },
      ]),
    );
  });
});

describe("instruments of binance in bad weather", () => {
  test("a failed load is not remembered", async () => {
    const fresh = await openRecorded("binance", clock, DEADLINE_MS);
    fresh.venue.fault = (_path, response) => {
      response.writeHead(200).end("<html></html>");
      return true;
    };
    await expect(fresh.market.candles(REQUEST)).rejects.toMatchObject({ fault: "transient" });
    await expect(fresh.market.instruments()).rejects.toMatchObject({ fault: "transient" });
    fresh.venue.fault = undefined;
    expect((await fresh.market.candles(REQUEST)).candles).toHaveLength(5);
    await fresh.close();
  });

  test("a failed reload leaves what was known in use", async () => {
    world.venue.fault = (path, response) => {
      if (!path.includes("exchangeInfo")) return false;
      response.writeHead(500).end();
      return true;
    };
    await expect(world.market.instruments({ fresh: true })).rejects.toMatchObject({
      fault: "transient",
    });
    expect(await world.market.instruments()).toHaveLength(3);
    expect((await world.market.candles(REQUEST)).candles).toHaveLength(5);
  });
});

describe("quotes of binance in bad weather", () => {
  /** Lets every request for quotes that names a symbol be answered by the test. */
  function refuseQuotesOf(symbol: string, write: (response: ServerResponse) => void): void {
    world.venue.fault = (path, response) => {
      if (!path.includes("bookTicker") || !path.includes(symbol)) return false;
      write(response);
      return true;
    };
  }

  test("one pair that the venue has just delisted takes no quote from the others", async () => {
    refuseQuotesOf("ETHUSDT", (response) =>
      response.writeHead(400).end('{"code":-1121,"msg":"Invalid symbol."}'),
    );
    const quotes = await world.market.quotes(["BTC/USDT", "ETH/USDT"]);

    expect(quotes.map(({ pair }) => pair)).toEqual(["BTC/USDT"]);
  });

  test("a list that may be had later is not asked for pair by pair", async () => {
    refuseQuotesOf("ETHUSDT", (response) => response.writeHead(503).end("<html></html>"));
    const asked = world.venue.asked.length;

    await expect(world.market.quotes(["BTC/USDT", "ETH/USDT"])).rejects.toMatchObject({
      fault: "transient",
    });
    expect(world.venue.asked.length).toBe(asked + 1);
  });
});
