import { describe, expect, test } from "vitest";
import { serveFilled } from "./kit/served.ts";
import { READS, SERIES } from "./kit/v1-paths.ts";

const { world, ask } = serveFilled();

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
