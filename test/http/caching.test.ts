import { describe, expect, test } from "vitest";
import { serveFilled } from "./kit/served.ts";

const CANDLES = "/api/v1/candles?exchange=binance&pair=BTC-USDT&timeframe=15m";

const served = serveFilled();

describe("an answer with an ETag", () => {
  test.each([
    CANDLES,
    "/api/v1/watchlist",
    "/api/v1/portfolios",
    "/api/v1/strategies",
    "/openapi.json",
  ])("of %s is not sent again while it holds", async (path) => {
    const first = await served.ask("GET", path);
    const tag = String(first.headers["etag"]);
    const again = await served.ask("GET", path, { headers: { "if-none-match": tag } });

    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    expect([again.status, again.text]).toEqual([304, ""]);
  });

  test("changes with what it stands for", async () => {
    const { world, ask } = served;
    const tags = [];
    for (const name of ["swing", "night"]) {
      world.shelves.portfolios = [{ name, series: [] }];
      tags.push((await ask("GET", "/api/v1/portfolios")).headers["etag"]);
    }
    expect(new Set(tags).size).toBe(2);
  });

  test("is asked for in vain by another tag, and given to nobody without a token", async () => {
    const { ask } = served;
    const other = await ask("GET", CANDLES, { headers: { "if-none-match": '"other"' } });
    const tag = String(other.headers["etag"]);
    const stranger = await ask("GET", CANDLES, {
      token: "unknown",
      headers: { "if-none-match": tag },
    });

    expect([other.status, stranger.status]).toEqual([200, 401]);
  });

  test("is no answer of Chatty's paths, which are never kept", async () => {
    const { headers } = await served.ask("GET", "/api/status");
    expect(headers["etag"]).toBeUndefined();
    expect(headers["cache-control"]).toBe("no-store");
  });
});

describe("a page of a list", () => {
  test.each([
    "/api/v1/signals?limit=1",
    "/api/v1/orders?limit=1",
    `${CANDLES}&limit=1&from=2026-03-10T00:00:00Z`,
  ])("of %s links to the next one, which follows it", async (path) => {
    const first = await served.ask("GET", path);
    const link =
      /^<(\/api\/v1\/[^>]+)>; rel="next"$/.exec(String(first.headers["link"]))?.[1] ?? "";
    const second = await served.ask("GET", link);

    expect(second.status).toBe(200);
    expect(second.json).not.toEqual(first.json);
    expect(link).toContain("limit=1");
  });

  test("that is the last one links nowhere", async () => {
    const { headers } = await served.ask("GET", "/api/v1/signals");
    expect(headers["link"]).toBeUndefined();
  });
});
