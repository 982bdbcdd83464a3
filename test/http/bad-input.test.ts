import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routesOf } from "../../src/http/app.ts";
import { expectDeclared, send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { fill, open, SETTINGS, setUp } from "./kit/world.ts";

let served: Awaited<ReturnType<typeof open>>;
const world = setUp();
beforeAll(async () => {
  fill(world.shelves);
  await world.view.refresh();
  served = await open(world);
});
afterAll(() => served.server.stop(500));

const CANDLES = "/api/v1/candles?exchange=binance&pair=BTC-USDT&timeframe=15m";
const SERIES = { exchange: "binance", pair: "BTC/USDT", timeframe: "15m" };

describe("a malformed request", () => {
  test.each([
    ["/api/v1/candles", "/exchange"],
    ["/api/v1/candles?exchange=Bad!&pair=BTC-USDT&timeframe=15m", "/exchange"],
    ["/api/v1/candles?exchange=binance&pair=BTC&timeframe=15m", "/pair"],
    ["/api/v1/candles?exchange=binance&pair=BTC-USDT&timeframe=7m", "/timeframe"],
    [`${CANDLES}&limit=0`, "/limit"],
    [`${CANDLES}&limit=1e9`, "/limit"],
    [`${CANDLES}&limit=1.5`, "/limit"],
    [`${CANDLES}&limit=abc`, "/limit"],
    [`${CANDLES}&limit=1&limit=2`, "/limit"],
    [`${CANDLES}&from=yesterday`, "/from"],
    [`${CANDLES}&from=2026-01-01T00:00:00`, "/from"],
    [`${CANDLES}&from=999999999999999`, "/from"],
    [`${CANDLES}&from=2000&to=1000`, "/from"],
    [`${CANDLES}&form=1`, "/form"],
    ["/api/v1/gaps?state=lost", "/state"],
    ["/api/v1/gaps?exchange=binance", "/pair"],
    ["/api/v1/signals?cursor=%21%21", "/cursor"],
    ["/api/v1/signals?decision=maybe", "/decision"],
    ["/api/v1/orders?working=yes", "/working"],
    ["/api/v1/audit?limit=-1", "/limit"],
  ])("GET %s is 400 and names %s", async (path, pointer) => {
    const answer = await send(served.url, path, { token: TOKENS.admin });

    expect(answer.status).toBe(400);
    expect(answer.json).toHaveProperty(
      "errors.0",
      expect.objectContaining({ in: "query", pointer }),
    );
    expectDeclared(served.app, "GET", path, answer);
  });

  test.each<[string, unknown, string]>([
    ["/api/v1/watchlist", { ...SERIES, pair: 7 }, "/pair"],
    ["/api/v1/watchlist", { exchange: "binance", pair: "BTC/USDT" }, "/timeframe"],
    ["/api/v1/watchlist", { ...SERIES, extra: 1 }, "/extra"],
    ["/api/v1/watchlist", { ...SERIES, pair: "X".repeat(100) }, "/pair"],
    ["/api/v1/watchlist", [SERIES], ""],
    ["/api/v1/watchlist", undefined, "/exchange"],
    ["/api/v1/portfolios", { name: "Bad Name", series: [] }, "/name"],
    [
      "/api/v1/portfolios",
      { name: "x", series: [{ ...SERIES, timeframe: "2h" }] },
      "/series/0/timeframe",
    ],
    ["/api/v1/halt", { reason: "x".repeat(201) }, "/reason"],
    ["/api/v1/resume", { now: true }, "/now"],
  ])("POST %s with %j is 400 and names %j", async (path, body, pointer) => {
    const answer = await send(served.url, path, { method: "POST", body, token: TOKENS.operator });

    expect(answer.status).toBe(400);
    expect(answer.json).toHaveProperty(
      "errors.0",
      expect.objectContaining({ in: "body", pointer }),
    );
  });

  test("a body that is not JSON, is cut off, too large, or of another type is told apart", async () => {
    const path = "/api/v1/watchlist";
    const post = { method: "POST", token: TOKENS.operator } as const;

    expect((await send(served.url, path, { ...post, raw: "{" })).status).toBe(400);
    expect((await send(served.url, path, { ...post, raw: `"${"x".repeat(70_000)}"` })).status).toBe(
      413,
    );
    const headers = { "content-type": "text/plain" };
    expect((await send(served.url, path, { ...post, raw: "hello", headers })).status).toBe(415);
  });

  test("an unknown path is 404, another method 405 with those it takes", async () => {
    expect((await send(served.url, "/api/v1/nothing", { token: TOKENS.viewer })).status).toBe(404);
    expect((await send(served.url, "/api/v2")).status).toBe(404);
    const answer = await send(served.url, "/api/v1/watchlist", { method: "PUT" });
    expect([answer.status, answer.headers["allow"]]).toEqual([405, "GET, POST"]);
    expect((await send(served.url, "/api/status", { method: "DELETE" })).status).toBe(405);
  });

  test("a path that cannot be decoded is the asker's fault", async () => {
    const path = "/api/v1/watchlist/binance/%E0%A4%A/15m";
    const answer = await send(served.url, path, { method: "DELETE", token: TOKENS.operator });
    expect(answer.status).toBe(400);
  });
});

describe("every answer", () => {
  test("carries a request id, the asker's own where it is harmless", async () => {
    const own = await send(served.url, "/healthz", { headers: { "x-request-id": "abcd-1234" } });
    expect(own.headers["x-request-id"]).toBe("abcd-1234");
    const odd = await send(served.url, "/nope", { headers: { "x-request-id": "<script>" } });
    expect(odd.headers["x-request-id"]).toMatch(/^[\w-]{36}$/);
    expect(odd.json).toMatchObject({ requestId: odd.headers["x-request-id"] });
  });

  test("has careful headers that plain http in a private network can live with", async () => {
    const { headers } = await send(served.url, "/");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).not.toContain("upgrade-insecure-requests");
    expect(headers).not.toHaveProperty("strict-transport-security");
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers["ratelimit"]).toBeDefined();
  });

  test("too many requests are 429, while probes go on", async () => {
    const own = await open(setUp({ settings: { ...SETTINGS, requestsPerMinute: 2 } }));
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 4; n++) statuses.push((await send(own.url, "/api/status")).status);
      expect(statuses).toEqual([200, 200, 429, 429]);
      expect((await send(own.url, "/healthz")).status).toBe(200);
    } finally {
      await own.server.stop(500);
    }
  });
});

describe("for any query and any body", () => {
  const word = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom("BTC/USDT", "15m", "binance", "1", "-1", "1e400", "NaN", "__proto__", "\u0000"),
  );
  const query = fc.dictionary(
    fc.oneof(fc.constantFrom("limit", "offset", "cursor", "from", "to", "pair", "period"), word),
    word,
    { maxKeys: 4 },
  );
  const body = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record({ exchange: word, pair: word, timeframe: word, name: word }, { requiredKeys: [] }),
  );

  test("no route ever answers 5xx", { timeout: 60_000 }, async () => {
    const routes = routesOf(served.app).filter(({ path }) => path !== "/api/v1/events");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        query,
        body,
        word,
        async (route, asked, sent, part) => {
          const inPath = encodeURIComponent(part === "" || /^\.+$/.test(part) ? "x" : part);
          const search = new URLSearchParams(asked).toString();
          const path = `${route.path.replaceAll(/:\w+/g, inPath)}?${search}`;
          const method = route.method.toUpperCase();
          const answer = await send(served.url, path, {
            method,
            token: TOKENS.operator,
            ...(method === "POST" ? { body: sent } : {}),
          });
          expect([path, answer.status, answer.status < 500]).toEqual([path, answer.status, true]);
          if (answer.status !== 404) expectDeclared(served.app, method, route.path, answer);
        },
      ),
      { numRuns: 250, seed: 20_260_310 },
    );
  });
});
