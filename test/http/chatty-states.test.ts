import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectDeclared, send } from "./kit/client.ts";
import { fill, open, setUp, type World } from "./kit/world.ts";

const GETS = [
  "/api/health",
  "/api/status",
  "/api/snapshot",
  "/api/trades/history?limit=50&offset=0",
  "/api/performance?period=30d",
  "/api/markets",
  "/api/insights",
  "/api/logs/recent?limit=20",
  "/api/brokers",
  "/api/account",
];

type Served = Awaited<ReturnType<typeof open>>;
type Body = Record<string, unknown>;

/** Each state of the hub in which the page must stay truthful. */
const STATES: Readonly<Record<string, (world: World) => Promise<void>>> = {
  "a fresh start with no data": async ({ shelves, view }) => {
    shelves.account = null;
    await view.refresh();
  },
  "a start whose store was never reached": async ({ shelves, view }) => {
    shelves.mood = "offline";
    await view.refresh();
  },
  "trades and positions": async ({ shelves, view }) => {
    fill(shelves);
    await view.refresh();
  },
  "trades, and then the store offline": async ({ shelves, view }) => {
    fill(shelves);
    await view.refresh();
    shelves.mood = "offline";
    await view.refresh();
  },
  "a store that hangs": async ({ shelves, view }) => {
    fill(shelves);
    await view.refresh();
    shelves.mood = "hanging";
    void view.refresh();
  },
  "actors that do not answer": async ({ commander, gatekeeper, sentinel, hub }) => {
    for (const ref of [commander, gatekeeper, sentinel]) ref.isSilent = true;
    hub.tree = () => {
      throw new Error("no tree");
    };
  },
};

/** Numeric text in an answer, other than in fields that are text. */
function numericTexts(value: unknown, path = ""): string[] {
  if (typeof value === "string") {
    const isText = /(id|version|message|content|value|title)$/.test(path);
    return !isText && /^-?\d+(\.\d+)?$/.test(value) ? [path] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numericTexts(inner, `${path}.${key}`));
}

describe.each(Object.entries(STATES))("Chatty's paths with %s", (_name, prepare) => {
  let served: Served;
  let world: World;
  beforeAll(async () => {
    world = setUp();
    await prepare(world);
    served = await open(world);
  });
  afterAll(() => served.server.stop(500));

  test.each(GETS)("%s answers a good JSON object at once, without a token", async (path) => {
    const startedAt = performance.now();
    const answer = await send(served.url, path);

    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.json).not.toBeInstanceOf(Array);
    expect(answer.json).not.toHaveProperty("error");
    expect(answer.json).not.toHaveProperty("fallback");
    expectDeclared(served.app, "GET", path, answer);
    expect(numericTexts(answer.json)).toEqual([]);
    expect(answer.text).not.toMatch(/s3cret|MARKED/);
  });

  test("the figures of status, account and snapshot agree", async () => {
    const [status, account, snapshot] = await Promise.all(
      ["/api/status", "/api/account", "/api/snapshot"].map(
        async (path) => (await send(served.url, path)).json as Body,
      ),
    );
    const inner = status?.["account"] as Body;

    expect(status?.["account_balance"]).toBe(inner["balance"]);
    expect(status?.["open_positions"]).toBe(inner["open_positions"]);
    for (const key of ["pnl_today", "open_pnl"]) {
      expect(status?.[key]).toBe(inner[key]);
      expect(account?.[key]).toBe(inner[key]);
      expect(snapshot?.[key]).toBe(inner[key]);
    }
    expect(account?.["account_balance"]).toBe(inner["balance"]);
    expect(snapshot?.["account_balance"]).toBe(inner["balance"]);
  });

  test("the active broker is one of the brokers, the same on both paths, and not live", async () => {
    const status = (await send(served.url, "/api/status")).json as {
      live_mode: boolean;
      active_broker_id: string;
      brokers: { id: string }[];
    };
    const dialog = (await send(served.url, "/api/brokers")).json as { brokers: { id: string }[] };

    const ids = status.brokers.map(({ id }) => id);
    expect(ids).toContain(status.active_broker_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(dialog.brokers.map(({ id }) => id)).toEqual(ids);
    expect(status.live_mode).toBe(false);
  });

  test("the change in percent agrees with the change", async () => {
    const { price, change, changePercent, high, low } = (await send(served.url, "/api/snapshot"))
      .json as Record<string, number>;

    expect(high ?? 0).toBeGreaterThanOrEqual(low ?? 0);
    const share = price === null ? 0 : (100 * (change ?? 0)) / ((price ?? 0) - (change ?? 0));
    expect(changePercent).toBeCloseTo(share, 6);
  });
});
