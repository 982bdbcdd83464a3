import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routesOf } from "../../src/http/app.ts";
import { tree } from "./kit/builders.ts";
import { expectDeclared, send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { open, setUp } from "./kit/world.ts";

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

const GOLDEN = new URL("../golden/openapi.json", import.meta.url);

let served: Awaited<ReturnType<typeof open>>;
const world = setUp();
beforeAll(async () => {
  await world.view.refresh();
  served = await open(world);
});
afterAll(() => served.server.stop(500));

const braced = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}");

describe("the description of the API", () => {
  test("names every route that is served, and no other", async () => {
    const { json } = await send(served.url, "/openapi.json");
    const { openapi, paths } = json as Document;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const stack = (served.app.router as unknown as { stack: readonly Layer[] }).stack;
    const mounted = stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {})
        .filter((method) => method !== "_all")
        .map((method) => `${method} ${braced(route?.path ?? "")}`),
    );

    expect(openapi).toBe("3.1.0");
    expect(described.toSorted()).toEqual(mounted.toSorted());
    expect(mounted).toHaveLength(routesOf(served.app).length);
  });

  test("is the one that was reviewed", async () => {
    const { json } = await send(served.url, "/openapi.json");
    const text = `${JSON.stringify(json, null, 2)}\n`;
    if (!existsSync(GOLDEN) || process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, text);

    expect(text).toBe(readFileSync(GOLDEN, "utf8"));
  });

  test("names each operation once", async () => {
    const { paths } = (await send(served.url, "/openapi.json")).json as Document;
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((operation) => {
        return "operationId" in operation ? String(operation.operationId) : "none";
      }),
    );

    expect(ids).toContain("deleteV1WatchlistByExchangeByPairByTimeframe");
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("marks every guarded route as guarded", async () => {
    const { paths } = (await send(served.url, "/openapi.json")).json as Document;
    for (const [path, methods] of Object.entries(paths)) {
      for (const operation of Object.values(methods)) {
        expect([path, "security" in operation]).toEqual([
          path,
          path.startsWith("/api/v1") || path === "/metrics",
        ]);
      }
    }
  });
});

describe("what machines read", () => {
  test.each(["/", "/healthz", "/readyz", "/openapi.json", "/metrics"])(
    "%s is open here",
    async (path) => {
      const answer = await send(served.url, path);
      expect(answer.status).toBe(200);
      expectDeclared(served.app, "GET", path, answer);
    },
  );

  test("the hub is not ready without its actors or its store", async () => {
    world.hub.tree = () => tree({ trader: "parked" });
    const answer = await send(served.url, "/readyz");
    expect([answer.status, answer.json]).toMatchObject([503, { actors: { trader: "down" } }]);
    world.hub.tree = () => tree();
    world.shelves.mood = "offline";
    expect((await send(served.url, "/readyz")).status).toBe(503);
    expect((await send(served.url, "/healthz")).status).toBe(200);
    world.shelves.mood = "ok";
  });

  test("requests are counted by the pattern that served them", async () => {
    await send(served.url, "/api/v1/watchlist/binance/BTC-USDT/15m", {
      method: "DELETE",
      token: TOKENS.operator,
    });
    await send(served.url, "/wp-admin/setup.php");
    const { text } = await send(served.url, "/metrics");

    const route = 'route="/api/v1/watchlist/:exchange/:pair/:timeframe"';
    expect(text).toContain(
      `http_request_duration_seconds_count{method="DELETE",${route},status="200"} 1`,
    );
    expect(text).toContain('{method="GET",route="unmatched",status="404"}');
    expect(text).not.toContain("wp-admin");
  });
});
