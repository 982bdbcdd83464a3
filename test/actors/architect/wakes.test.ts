import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Wakes } from "../../../src/actors/architect/wakes.ts";
import { NOON } from "../../kit/builders.ts";

const HOUR = 3_600_000;
const at = (n: number): number => NOON + n * HOUR;

/** What is owed while candle n is the newest closed one, a minute after its close. */
function owedAfter(wakes: Wakes, n: number, lateMs = 60_000): number | undefined {
  const owed = wakes.owed(1, "1h", at(n + 1) + lateMs, 7);
  return owed === null ? undefined : (owed.openTime - NOON) / HOUR;
}

function setUp(newest: number | null = 0, evaluatedTo: number | null = 0): Wakes {
  const wakes = new Wakes();
  wakes.learn(
    1,
    newest === null ? null : at(newest),
    evaluatedTo === null ? null : at(evaluatedTo),
  );
  return wakes;
}

describe("the wakes of an analyst", () => {
  test("are given once for a candle", () => {
    const wakes = setUp();

    expect(wakes.give(1, at(1), 5)).toBe(true);
    expect(wakes.give(1, at(1), 6)).toBe(false);
    expect(wakes.done(1, at(1))).toBe(true);
    expect(wakes.give(1, at(1), 7)).toBe(false);
    expect(wakes.give(1, at(0), 7)).toBe(false);
    expect(wakes.give(1, at(2), 7)).toBe(true);
  });

  test("are owed once more after a crash, and not a third time", () => {
    const wakes = setUp();
    wakes.give(1, at(1), 5);

    expect(wakes.owed(1, "1h", at(2) + 9, 99)).toEqual({ openTime: at(1), answeredAt: 5 });
    expect(owedAfter(wakes, 1)).toBeUndefined();
  });

  test("are owed no more once the analyst is done, or the window is over", () => {
    const wakes = setUp();
    wakes.give(1, at(1), 5);
    expect(owedAfter(wakes, 1, HOUR)).toBeUndefined();

    wakes.done(1, at(1));

    expect(owedAfter(wakes, 1)).toBeUndefined();
  });

  test("are owed after a restart of the hub for the newest candle, while its window runs", () => {
    expect(owedAfter(setUp(3, 2), 3)).toBe(3);
    expect(owedAfter(setUp(3, 1), 3, HOUR - 1)).toBe(3);
    expect(owedAfter(setUp(3, 2), 3, HOUR)).toBeUndefined();
    expect(owedAfter(setUp(3, 3), 3)).toBeUndefined();
  });

  test("are never owed for the history of a series nobody has thought about yet", () => {
    expect(owedAfter(setUp(null, null), 3)).toBeUndefined();
    expect(owedAfter(setUp(3, null), 3)).toBeUndefined();
    expect(owedAfter(new Wakes(), 3)).toBeUndefined();
  });

  test("move their mark forward only, and keep what they know when told again", () => {
    const wakes = setUp();
    wakes.noteStored(1, at(2));
    wakes.learn(1, null, null);

    expect(wakes.done(1, at(1))).toBe(true);
    expect(wakes.done(1, at(0))).toBe(false);
    expect(wakes.done(1, at(1))).toBe(false);
    expect(owedAfter(wakes, 2)).toBe(2);
  });

  test("let each candle be thought about twice at most, and lose none while its window runs", () => {
    const command = fc.constantFrom("close", "think", "crash", "crash-twice", "restart", "hub");
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const world = new World();
        for (const one of commands) world.run(one);
        world.run("think");

        expect(world.most).toBeLessThanOrEqual(2);
        // Only a second fault on top of the first may end the matter without an answer.
        expect(world.isDone() || (commands.includes("crash-twice") && world.wasTried())).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** An analyst as the wakes see it: an inbox that outlives crashes, a history that ends at the newest candle. */
class World {
  most = 0;
  #wakes = setUp();
  #newest = 0;
  #done = 0;
  #last = 0;
  #inbox: number[] = [];
  #crashes = 0;
  /** Thoughts about each candle in this life of the hub. */
  #thoughts = new Map<number, number>();

  run(command: string): void {
    if (command === "close") this.#close();
    else if (command === "hub") this.#hubRestart();
    else if (command === "restart") this.#restart();
    else {
      this.#crashes = command === "crash" ? 1 : command === "crash-twice" ? 2 : 0;
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        if (next > this.#last) this.#think(next);
      }
      this.#crashes = 0;
    }
  }

  /** The newest candle was thought about to the end. */
  isDone(): boolean {
    return this.#done >= this.#newest;
  }

  wasTried(): boolean {
    return this.#thoughts.has(this.#newest);
  }

  #close(): void {
    this.#newest += 1;
    this.#wakes.noteStored(1, at(this.#newest));
    if (this.#wakes.give(1, at(this.#newest), 0)) this.#inbox.push(this.#newest);
  }

  #think(n: number): void {
    const thoughts = (this.#thoughts.get(n) ?? 0) + 1;
    this.#thoughts.set(n, thoughts);
    this.most = Math.max(this.most, thoughts);
    if (this.#crashes > 0) {
      this.#crashes -= 1;
      this.#restart();
      return;
    }
    this.#last = n;
    this.#done = Math.max(this.#done, n);
    this.#wakes.done(1, at(n));
  }

  #restart(): void {
    const owed = owedAfter(this.#wakes, this.#newest);
    this.#last = owed === undefined ? this.#newest : owed - 1;
    if (owed !== undefined) this.#think(owed);
  }

  #hubRestart(): void {
    this.#wakes = setUp(this.#newest, this.#done);
    this.#inbox = [];
    this.#thoughts = new Map();
    this.#crashes = 0;
    this.#restart();
  }
}
