import { describe, expect, test } from "vitest";
import { explained } from "../../../src/store/embedded/explained.ts";
import { Revival } from "../../../src/store/embedded/revival.ts";
import { StoreFailure } from "../../../src/store/errors.ts";
import type { Database } from "../../../src/store/port.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const FULL = "the server did not start: pg_wal/xlogtemp.4711: No space left on device";

/** A server whose restarts fail with the given messages before one works. */
function setUp(failures: string[]) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const triedAt: number[] = [];
  const revival = new Revival(clock, (line) => lines.push(line));
  const server = {
    restart: async () => {
      triedAt.push(clock.monotonicMs());
      const failure = failures.shift();
      if (failure !== undefined) throw new Error(failure);
    },
  };
  return {
    clock,
    lines,
    triedAt,
    revival,
    fall: (panic?: string) => revival.bringBack(server, { code: 1, panic }),
  };
}

describe("a server that fell", () => {
  test("is started again at once, then ever more slowly, for as long as it takes", async () => {
    const { clock, triedAt, fall } = setUp(Array.from({ length: 7 }, () => FULL));

    const back = fall();
    await clock.advance(600_000);
    await back;

    expect(triedAt).toEqual([100, 600, 2_600, 12_600, 42_600, 72_600, 102_600, 132_600]);
  });

  test("is told of once with what keeps it down, whatever the numbers in it", async () => {
    const failures = [FULL, FULL.replace("4711", "4712"), "something else", "something else"];
    const { clock, lines, revival, fall } = setUp(failures);

    const back = fall();
    await clock.advance(1_000);
    expect(revival.cause).toContain("No space left");
    await clock.advance(600_000);
    await back;

    expect(lines).toEqual([
      "the embedded PostgreSQL ended by itself (code 1); it is started again",
      FULL,
      "something else",
      "the embedded PostgreSQL is back",
    ]);
    expect(revival.cause).toBeUndefined();
  });

  test("is told of with its own last words", async () => {
    const { clock, lines, fall } = setUp([]);

    const back = fall("could not write to file: No space left on device");
    await clock.advance(1_000);
    await back;

    expect(lines[0]).toBe(
      "the embedded PostgreSQL ended by itself (code 1): could not write to file: " +
        "No space left on device; it is started again",
    );
  });

  test("is waited for longer when it falls again at once, and not after it has run for a while", async () => {
    const { clock, triedAt, fall } = setUp([]);

    for (const runsMs of [0, 0, 100_000]) {
      const back = fall();
      await clock.advance(10_000);
      await back;
      await clock.advance(runsMs);
    }
    const from = clock.monotonicMs();
    const back = fall();
    await clock.advance(10_000);
    await back;

    expect(triedAt.slice(0, 3)).toEqual([100, 10_500, 22_000]);
    expect((triedAt[3] ?? 0) - from).toBe(100);
  });

  test("is left alone once nobody waits for it", async () => {
    const { clock, triedAt, revival, fall } = setUp([FULL, FULL]);
    const back = fall();
    await clock.advance(100);

    revival.stop();
    await back;

    expect([triedAt, clock.pending]).toEqual([[100], 0]);
  });
});

describe("a database that explains itself", () => {
  function failing(failure: Error, cause: string | undefined): Database {
    const database: Database = {
      call: () => Promise.reject(failure),
      health: () => ({ state: "offline", reason: "nobody answers" }),
      close: () => Promise.resolve(),
    };
    return explained(database, () => cause);
  }
  const away = new StoreFailure("offline", "ENOENT", "hub_call: nobody answers");

  test("says why its server is down in place of that nobody answers", async () => {
    const database = failing(away, FULL);

    await expect(database.call("hub_call", {})).rejects.toMatchObject({
      fault: "offline",
      reason: "ENOENT",
      message: FULL,
      cause: away,
    });
    expect(database.health()).toEqual({ state: "offline", reason: FULL });
  });

  test("passes on everything else as it is", async () => {
    const refused = new StoreFailure("refused", "23514", "hub_call: no");

    await expect(failing(away, undefined).call("hub_call", {})).rejects.toBe(away);
    await expect(failing(refused, FULL).call("hub_call", {})).rejects.toBe(refused);
    expect(failing(away, undefined).health().reason).toBe("nobody answers");
  });
});
