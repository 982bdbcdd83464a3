import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Ask, expectDeclared, send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { READS, SERIES } from "./kit/v1-paths.ts";
import { fill, open, setUp, type World } from "./kit/world.ts";

let served: Awaited<ReturnType<typeof open>>;
let world: World;
beforeAll(async () => {
  world = setUp();
  fill(world.shelves);
  await world.view.refresh();
  served = await open(world);
});
afterAll(() => served.server.stop(500));

/** Sends as an operator, and checks the answer against what is declared. */
async function ask(method: string, path: string, options: Ask = {}): Promise<Answer> {
  const answer = await send(served.url, path, { method, token: TOKENS.operator, ...options });
  expectDeclared(served.app, method, path, answer);
  return answer;
}

describe("when what it needs is not there", () => {
  test.each(
    READS.filter((path) =>
      /candles|gaps|signals|queue|orders|positions|portfolios|audit|events/.test(path),
    ),
  )("%s answers 503 while the store is offline, without its address", async (path) => {
    world.shelves.mood = "offline";
    try {
      const answer = await ask("GET", path);
      expect(answer.status).toBe(503);
      expect(answer.text).not.toContain("s3cret");
      expect(answer.json).toMatchObject({ detail: expect.stringContaining("database") as string });
    } finally {
      world.shelves.mood = "ok";
    }
  });

  test("what the store refuses is a bare 500, and told to the log alone", async () => {
    world.shelves.mood = "refusing";
    const before = world.failures.length;
    try {
      const answer = await ask("GET", "/api/v1/orders");
      expect(answer.status).toBe(500);
      expect(answer.text).not.toMatch(/s3cret|at .*\.ts/);
      expect(world.failures).toHaveLength(before + 1);
    } finally {
      world.shelves.mood = "ok";
    }
  });

  test("an actor that does not answer is 503", async () => {
    world.commander.isSilent = true;
    world.gatekeeper.isSilent = true;
    try {
      expect((await ask("GET", "/api/v1/watchlist")).status).toBe(503);
      expect((await ask("POST", "/api/v1/halt")).status).toBe(503);
    } finally {
      world.commander.isSilent = false;
      world.gatekeeper.isSilent = false;
    }
  });

  test("without the sentinel nobody is let in", async () => {
    world.sentinel.isSilent = true;
    try {
      expect((await ask("GET", "/api/v1/watchlist")).status).toBe(503);
    } finally {
      world.sentinel.isSilent = false;
    }
  });

  test("nothing is changed when the ledger cannot be written, except for a halt", async () => {
    const record = world.sentinel.ask.bind(world.sentinel);
    world.sentinel.ask = (topic, message) =>
      topic === "record" ? Promise.reject(new Error("disk full")) : record(topic, message);
    const before = world.commander.received.length;
    try {
      expect((await ask("POST", "/api/v1/watchlist", { body: SERIES })).status).toBe(503);
      expect((await ask("POST", "/api/v1/resume")).status).toBe(503);
      expect(world.commander.received).toHaveLength(before);
      expect((await ask("POST", "/api/v1/halt")).status).toBe(200);
    } finally {
      world.sentinel.ask = record;
    }
  });
});
