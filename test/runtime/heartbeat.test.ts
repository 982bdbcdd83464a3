import { describe, expect, test } from "vitest";
import { Heartbeat } from "../../src/runtime/heartbeat.ts";
import { ManualClock, settle } from "../kit/manual-clock.ts";

const EVERY_MS = 250;
const TIMEOUT_MS = 1_500;

/** Somebody who answers as long as `answers` is true, and later what was asked meanwhile. */
function patient() {
  const clock = new ManualClock();
  const seen = { asked: 0, answered: 0, missed: [] as string[] };
  const someone = { answers: true, unanswered: [] as (() => void)[] };
  const deps = {
    clock,
    ask: () => {
      seen.asked += 1;
      return new Promise<void>((resolve) => {
        if (someone.answers) resolve();
        else someone.unanswered.push(resolve);
      });
    },
    onAnswer: () => void (seen.answered += 1),
    onMissed: (cause: Error) => void seen.missed.push(cause.message),
  };
  const heartbeat = new Heartbeat(deps, EVERY_MS, TIMEOUT_MS);
  return { clock, seen, someone, heartbeat };
}

describe("a heartbeat", () => {
  test("asks again and again while it is answered", async () => {
    const { clock, seen } = patient();
    await clock.advance(10 * EVERY_MS);

    expect(seen).toEqual({ asked: 10, answered: 10, missed: [] });
  });

  test("is missed once the limit has passed, and asks nothing more", async () => {
    const { clock, seen, someone } = patient();
    someone.answers = false;
    await clock.advance(EVERY_MS + TIMEOUT_MS - 1);
    expect(seen).toEqual({ asked: 1, answered: 0, missed: [] });

    await clock.advance(1);
    await clock.advance(60_000);
    expect(seen.missed).toEqual(["no answer within 6 looks 250 ms apart"]);
    expect(seen.asked).toBe(1);
  });

  test("takes an answer that comes late but within the limit, and goes on", async () => {
    const { clock, seen, someone } = patient();
    someone.answers = false;
    await clock.advance(EVERY_MS + TIMEOUT_MS - 1);
    someone.answers = true;
    for (const answer of someone.unanswered) answer();
    await settle();
    await clock.advance(2 * EVERY_MS);

    expect(seen).toEqual({ asked: 3, answered: 3, missed: [] });
  });

  test("takes no pause of its own process for a silence of the other", async () => {
    const { clock, seen, someone } = patient();
    someone.answers = false;
    await clock.advance(EVERY_MS);
    // The answer is there, but nobody here runs to read it before the limit is long over.
    clock.freeze(60_000);
    await clock.advance(0);
    for (const answer of someone.unanswered) answer();
    someone.answers = true;
    await settle();
    await clock.advance(EVERY_MS);

    expect(seen.missed).toEqual([]);
    expect(seen.answered).toBe(2);
  });

  test("is missed at once when the question itself fails", async () => {
    const clock = new ManualClock();
    const missed: string[] = [];
    const heartbeat = new Heartbeat(
      {
        clock,
        ask: () => Promise.reject(new Error("the channel is closed")),
        onAnswer: () => {},
        onMissed: (cause: Error) => void missed.push(cause.message),
      },
      EVERY_MS,
      TIMEOUT_MS,
    );
    await clock.advance(EVERY_MS);
    heartbeat.stop();

    expect(missed).toEqual(["the channel is closed"]);
  });

  test("that is stopped tells nothing and leaves no timer", async () => {
    const { clock, seen, someone, heartbeat } = patient();
    someone.answers = false;
    await clock.advance(EVERY_MS);
    heartbeat.stop();
    for (const answer of someone.unanswered) answer();
    await settle();

    expect(clock.pending).toBe(0);
    expect(seen).toEqual({ asked: 1, answered: 0, missed: [] });
  });
});
