import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ExchangeFailure } from "../../../src/exchanges/errors.ts";
import { type OandaWorld, openWorld, WEDNESDAY } from "./world.ts";

const DEADLINE_MS = 400;
const REQUEST = { pair: "EUR/USD", timeframe: "1m", limit: 5 } as const;

let world: OandaWorld;
beforeEach(async () => {
  world = await openWorld(WEDNESDAY, DEADLINE_MS);
  await world.market.instruments();
});
afterEach(() => world.close());

/** Lets every answer be made by the test. */
function answerAll(write: (response: ServerResponse) => void): void {
  world.venue.fault = (_asked, response) => {
    write(response);
    return true;
  };
}

async function failureOf(asking: Promise<unknown>): Promise<ExchangeFailure> {
  const thrown: unknown = await asking.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ExchangeFailure);
  return thrown as ExchangeFailure;
}

const candles = (): Promise<unknown> => world.market.candles(REQUEST);

const row = (over: object = {}): object => ({
  time: "2026-01-07T12:09:00.000000000Z",
  complete: true,
  volume: 4,
  mid: { o: "1.1", h: "1.2", l: "1.0", c: "1.1" },
  ...over,
});
const rows = (...candles: unknown[]): string =>
  JSON.stringify({ instrument: "EUR_USD", granularity: "M1", candles });

describe("candles of OANDA in bad weather", () => {
  const nonsense: readonly (readonly [string, number, string])[] = [
    ["a page of HTML with status 200 and no content type", 200, "<html>maintenance</html>"],
    ["an answer cut short", 200, rows(row()).slice(0, 60)],
    ["null", 200, "null"],
    ["an empty body", 200, ""],
    ["a list in place of an object", 200, "[]"],
    ["an object about something else", 200, '{"accounts":[]}'],
    ["candles of another length", 200, rows(row()).replace("M1", "H1")],
    ["HTML from a gateway, without a content type", 503, "<html>Service Unavailable</html>"],
    ["a gateway that timed out", 504, ""],
    ["a request that took too long there", 408, ""],
  ];
  test.each(nonsense)("%s may pass", async (_name, status, body) => {
    answerAll((response) => response.writeHead(status).end(body));
    expect(await failureOf(candles())).toMatchObject({ fault: "transient", retry: "later" });

    world.venue.fault = undefined;
    expect((await world.market.candles(REQUEST)).candles).toHaveLength(5);
  });

  test("a body that stalls ends at the deadline", async () => {
    answerAll((response) => response.writeHead(200).write("{"));
    expect((await failureOf(candles())).message).toContain(`${DEADLINE_MS} ms`);
  });

  test("too many requests shut us out until Retry-After has passed, else for ten seconds", async () => {
    answerAll((response) => response.writeHead(429, { "retry-after": "3" }).end());
    expect(await failureOf(candles())).toMatchObject({
      fault: "banned",
      untilMs: WEDNESDAY + 3_000,
    });
    const { length } = world.venue.asked;
    expect(await failureOf(candles())).toMatchObject({ fault: "banned" });
    expect(world.venue.asked.length).toBe(length);

    await world.clock.advance(10_000);
    answerAll((response) => response.writeHead(429).end("<html></html>"));
    expect(await failureOf(candles())).toMatchObject({ untilMs: WEDNESDAY + 20_000 });
  });

  test("what OANDA refuses by name is for good, in its own words", async () => {
    const body = JSON.stringify({ errorMessage: "Invalid value specified for 'instrument'" });
    answerAll((response) => response.writeHead(400).end(body));

    const failure = await failureOf(candles());

    expect(failure).toMatchObject({ fault: "permanent", retry: "never" });
    expect(failure.message).toContain("Invalid value specified for 'instrument'");
  });

  test("unsound rows are told apart from missing ones", async () => {
    const at = (minute: string): string => `2026-01-07T12:${minute}:00.000000000Z`;
    const body = rows(
      row({ time: at("01") }),
      row({ time: at("02"), mid: { o: "NaN", h: "1.2", l: "1.0", c: "1.1" } }),
      row({ time: at("03"), mid: { o: "1.1", h: "1.0", l: "1.0", c: "1.1" } }),
      row({ time: "2026-01-07T12:04:07.000000000Z" }),
      row({ time: at("05"), mid: undefined }),
      row({ time: at("06"), complete: "yes" }),
      row({ time: "yesterday" }),
      row({ time: at("07"), volume: -1 }),
      row({ time: at("08") }),
      row({ time: at("08"), volume: 5 }),
      null,
    );
    answerAll((response) => response.writeHead(200).end(body));

    const answer = await world.market.candles({ ...REQUEST, limit: 20 });

    expect(answer.candles.map(({ openTime }) => openTime)).toEqual([Date.parse(at("01"))]);
    const minute = (time: number | null): string =>
      time === null ? "?" : new Date(time).toISOString().slice(14, 19);
    expect(answer.rejected.map(({ openTime, reason }) => `${minute(openTime)} ${reason}`)).toEqual([
      "02:00 not-finite",
      "03:00 high-below-body",
      "04:07 misaligned",
      "05:00 incomplete",
      "06:00 incomplete",
      "? incomplete",
      "07:00 not-positive",
      "? incomplete",
      "08:00 conflicting-duplicate",
    ]);
  });

  test("a book with a level of nothing is no book", async () => {
    const price = { instrument: "EUR_USD", tradeable: true, asks: [], bids: [{ price: "1.1" }] };
    answerAll((response) => response.writeHead(200).end(JSON.stringify({ prices: [price] })));

    expect(await failureOf(world.market.orderBook("EUR/USD", 5))).toMatchObject({
      fault: "transient",
    });
  });

  test("an answer without a date tells no time", async () => {
    answerAll((response) => {
      response.sendDate = false;
      response.writeHead(200).end('{"accounts":[]}');
    });

    expect(await failureOf(world.market.measureClock())).toMatchObject({ fault: "transient" });
    expect(world.market.clockOffset()).toBeUndefined();
  });
});

describe("what a failure of OANDA says", () => {
  const statuses = [200, 302, 400, 401, 403, 404, 429, 500, 503];
  test.each(statuses)("holds neither key nor account at status %i", async (status) => {
    const { token, accountId, baseUrl } = world.venue;
    const said = `no ${token} at ${baseUrl}/v3/accounts/${accountId}/pricing for ${accountId}`;
    const bodies = [
      JSON.stringify({ errorMessage: said }),
      said,
      `{"prices":[{"account":"${accountId}`,
    ];
    for (const body of bodies) {
      answerAll((response) => response.writeHead(status, { location: said }).end(body));
      const failure = await failureOf(world.market.orderBook("EUR/USD", 5));
      const shown = `${inspect(failure, { depth: 9 })} ${failure.stack} ${JSON.stringify(failure)}`;
      expect(shown).not.toContain(token);
      expect(shown).not.toContain(accountId);
      await world.clock.advance(60_000);
    }
  });
});
