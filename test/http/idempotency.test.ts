import { afterEach, describe, expect, test } from "vitest";
import { routesOf } from "../../src/http/app.ts";
import { takesKey } from "../../src/http/idempotency.ts";
import type { Ask } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { serveFilled } from "./kit/served.ts";
import { SERIES } from "./kit/v1-paths.ts";

const served = serveFilled();
const { ask, world } = served;
const { shelves, commander, gatekeeper } = world;
const PATH = "/api/v1/watchlist";

afterEach(() => {
  shelves.mood = "ok";
  commander.isSilent = false;
});

/** Follows a series with a key. */
const follow = (key: string, body: object = SERIES, options: Ask = {}) =>
  ask("POST", PATH, { body, headers: { "idempotency-key": key }, ...options });
/** How often the commander was told to follow something. */
const told = (): number => commander.received.filter(({ topic }) => topic === "watch").length;

describe("a write with an Idempotency-Key", () => {
  test("is carried out once, and its answer is said again", async () => {
    const before = told();

    const first = await follow("once");
    const again = await follow("once");

    expect([first.status, first.headers["idempotency-replayed"]]).toEqual([201, undefined]);
    expect([again.status, again.headers["idempotency-replayed"]]).toEqual([201, "true"]);
    expect(again.text).toBe(first.text);
    expect(told()).toBe(before + 1);
  });

  test("is the same however its body is written", async () => {
    await follow("spelling");

    const { pair, timeframe, exchange } = SERIES;
    const again = await follow("spelling", { portfolio: "default", timeframe, exchange, pair });

    expect([again.status, again.headers["idempotency-replayed"]]).toEqual([201, "true"]);
  });

  test("is refused as long as another with its key is carried out", async () => {
    const asked = commander.ask.bind(commander);
    let open: () => void = () => undefined;
    const isOpen = new Promise<void>((resolve) => (open = resolve));
    commander.ask = async (topic, message) => {
      const answer = asked(topic, message);
      await isOpen;
      return answer;
    };
    try {
      const before = told();
      const first = follow("slow");
      await expect.poll(told).toBe(before + 1);

      const meanwhile = await follow("slow");
      open();

      expect([meanwhile.status, meanwhile.headers["retry-after"]]).toEqual([409, "1"]);
      expect((await first).status).toBe(201);
      expect((await follow("slow")).headers["idempotency-replayed"]).toBe("true");
      expect(told()).toBe(before + 1);
    } finally {
      commander.ask = asked;
    }
  });

  test("is refused when its key has asked for something else", async () => {
    await follow("mine");
    const before = told();

    const other = await follow("mine", { ...SERIES, pair: "ETH/USDT" });

    expect(other.status).toBe(422);
    expect(told()).toBe(before);
  });

  test("has its key to itself: others ask with the same, and so do other routes", async () => {
    await follow("shared");

    const byAdmin = await follow("shared", SERIES, { token: TOKENS.admin });
    const elsewhere = await ask("POST", "/api/v1/resume", {
      headers: { "idempotency-key": "shared" },
    });

    for (const { status, headers } of [byAdmin, elsewhere]) {
      expect(status).toBeLessThan(300);
      expect(headers["idempotency-replayed"]).toBeUndefined();
    }
  });

  test("is refused again as it was refused", async () => {
    const body = { ...SERIES, pair: "NOPE/USDT" };

    const first = await follow("refused", body);
    const again = await follow("refused", body);

    const { requestId: _first, ...said } = first.json as { requestId: string };
    expect([first.status, said]).toMatchObject([422, { field: "pair" }]);
    expect([again.status, again.headers["idempotency-replayed"]]).toEqual([422, "true"]);
    expect(again.json).toMatchObject(said);
  });

  test("may be tried again after a failure of the hub", async () => {
    commander.isSilent = true;
    const failed = await follow("failed");
    commander.isSilent = false;

    const again = await follow("failed");

    expect(failed.status).toBe(503);
    expect([again.status, again.headers["idempotency-replayed"]]).toEqual([201, undefined]);
  });

  test("is not carried out while nobody knows whether it was; a halt is", async () => {
    const before = told();
    shelves.mood = "offline";

    expect((await follow("away")).status).toBe(503);
    const halt = await ask("POST", "/api/v1/halt", { headers: { "idempotency-key": "away" } });

    expect(told()).toBe(before);
    expect(halt.status).toBe(200);
  });

  test("is answered though the answer cannot be kept", async () => {
    const { requests } = shelves;
    const end = requests.end.bind(requests);
    requests.end = (request, answer) => {
      shelves.mood = "offline";
      return end(request, answer);
    };
    const failures = world.failures.length;
    try {
      expect((await follow("unkept")).status).toBe(201);
      expect(world.failures).toHaveLength(failures + 1);
    } finally {
      requests.end = end;
    }
  });

  test("halts, though one with its key never came to an end", async () => {
    const halt = () => ask("POST", "/api/v1/halt", { headers: { "idempotency-key": "storm" } });
    const { requests } = shelves;
    const end = requests.end.bind(requests);
    requests.end = () => Promise.resolve();
    await halt();
    requests.end = end;
    const before = gatekeeper.received.length;

    expect((await halt()).status).toBe(200);
    expect(gatekeeper.received).toHaveLength(before + 1);
  });

  test.each(["", "a b", "ü", "x".repeat(256)])("is malformed with %j for a key", async (key) => {
    const headers = { "idempotency-key": Buffer.from(key).toString("latin1") };
    expect((await ask("POST", PATH, { body: SERIES, headers })).status).toBe(400);
  });

  test("is stored nowhere when its answer holds a token", async () => {
    const body = { name: "keyed", role: "viewer" };
    const headers = { "idempotency-key": "token" };
    const options = { body, headers, token: TOKENS.admin };

    const first = await ask("POST", "/api/v1/tokens", options);
    const again = await ask("POST", "/api/v1/tokens", options);

    expect([first.status, again.status]).toEqual([201, 409]);
    const { token } = first.json as { token: string };
    expect(JSON.stringify([...shelves.requests.rows])).not.toContain(token);
  });

  test("may be any write of the operators' API but that one", () => {
    const writes = routesOf(served.app).filter(
      ({ method, path }) => method !== "get" && path.startsWith("/api/v1"),
    );

    expect(writes.filter((one) => !takesKey(one)).map(({ path }) => path)).toEqual([
      "/api/v1/tokens",
    ]);
    expect(writes.length).toBeGreaterThan(5);
  });
});
