import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Handed, type Letter, Mailbox, type Work } from "../../src/runtime/mailbox.ts";
import { PendingAsk } from "../../src/runtime/pending-ask.ts";
import type { MailboxSpec } from "../../src/runtime/spec.ts";
import { Turns } from "../../src/runtime/turns.ts";
import { ManualClock, nextTurn, settle } from "../kit/manual-clock.ts";

function setUp(limits: Partial<MailboxSpec> = {}, batches: Record<string, number> = {}) {
  const clock = new ManualClock();
  const overflowed: unknown[] = [];
  const failed: unknown[] = [];
  const mailbox: Mailbox = new Mailbox({
    clock,
    turns: new Turns(new ManualClock()),
    limits: { capacity: 1_000, overflow: "reject", ...limits },
    batchLimit: (topic) => batches[topic],
    isConcurrent: () => false,
    isPatient: () => false,
    onHandled: () => {},
    onOverflow: (letter: Letter) => overflowed.push(letter.message),
    onFailed: (error: unknown, handed: Handed) => {
      failed.push(handed[0].message);
      for (const letter of handed) letter.ask?.fail("handler-failed", String(error));
    },
  });
  const tell = (topic: string, message: unknown): void =>
    mailbox.post({ topic, message, ask: undefined, arrivedMs: 0 });
  const ask = (topic: string, message: unknown): Promise<unknown> =>
    PendingAsk.send(clock, topic, undefined, (pending) =>
      mailbox.post({ topic, message, ask: pending, arrivedMs: 0 }),
    );
  return { clock, mailbox, overflowed, failed, tell, ask };
}

describe("a mailbox", () => {
  test("hands tells and asks over in the order they came", async () => {
    const { mailbox, tell, ask } = setUp();
    const seen: unknown[] = [];
    tell("t", 1);
    const answer = ask("t", 2);
    tell("t", 3);

    mailbox.open((_, message) => seen.push(message));

    expect(await answer).toBe(2);
    await settle();
    expect(seen).toEqual([1, 2, 3]);
  });

  test("keeps order, one at a time, whatever is slow and whatever fails", async () => {
    const step = fc.record({
      isAsk: fc.boolean(),
      fate: fc.constantFrom("sync", "async", "throw", "reject"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { mailbox, failed, tell, ask } = setUp();
        const isBad = (at: number): boolean => ["throw", "reject"].includes(steps[at]?.fate ?? "");
        const seen: number[] = [];
        let running = 0;
        let most = 0;
        const end = (at: number): number => {
          running--;
          if (isBad(at)) throw new Error("planned");
          return at;
        };
        const work: Work = (_, payload) => {
          const at = payload as number;
          seen.push(at);
          most = Math.max(most, ++running);
          const isLater = ["async", "reject"].includes(steps[at]?.fate ?? "");
          return isLater ? nextTurn().then(() => end(at)) : end(at);
        };
        const fates = steps.map(({ isAsk }, at) => {
          if (isAsk) return ask("t", at).catch(() => "failed");
          tell("t", at);
          return Promise.resolve("told");
        });

        const failures = steps.filter((_, at) => isBad(at)).length;
        for (let opening = 0; opening <= failures; opening++) {
          mailbox.open(work);
          await settle();
          await settle();
        }

        expect(seen).toEqual(steps.map((_, at) => at));
        expect(most).toBeLessThanOrEqual(1);
        expect(failed).toHaveLength(failures);
        expect(await Promise.all(fates)).toEqual(
          steps.map(({ isAsk }, at) => {
            if (!isAsk) return "told";
            return isBad(at) ? "failed" : at;
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("refuses the message beyond its capacity", () => {
    const { mailbox, overflowed, tell } = setUp({ capacity: 20 });
    for (let at = 0; at < 30; at++) tell("t", at);

    expect(mailbox.depth).toBe(20);
    expect(overflowed).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  test("drops the oldest instead when told to", async () => {
    const { mailbox, overflowed, tell } = setUp({ capacity: 2, overflow: "dropOldest" });
    for (let at = 0; at < 5; at++) tell("t", at);
    const seen: unknown[] = [];
    mailbox.open((_, message) => seen.push(message));
    await settle();

    expect(overflowed).toEqual([0, 1, 2]);
    expect(seen).toEqual([3, 4]);
  });

  test("hands all waiting messages of a batch topic over at once, and no others", async () => {
    const { mailbox, tell, ask } = setUp({}, { many: 3 });
    const seen: unknown[] = [];
    const answers = [ask("many", 1), ask("many", 2), ask("many", 3), ask("many", 4)];
    tell("single", 5);
    answers.push(ask("many", 6));

    mailbox.open((topic, payload) => {
      seen.push([topic, payload]);
      return topic === "many" ? (payload as number[]).map((at) => at * 10) : undefined;
    });

    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 60]);
    expect(seen).toEqual([
      ["many", [1, 2, 3]],
      ["many", [4]],
      ["single", 5],
      ["many", [6]],
    ]);
  });

  test("treats a batch answered short as a failure of its handler", async () => {
    const { mailbox, failed, ask } = setUp({}, { many: 10 });
    const answers = Promise.allSettled([ask("many", 1), ask("many", 2)]);
    mailbox.open(() => ["only one"]);

    expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(failed).toEqual([1]);
  });

  test("does not hear a handler that ends after it was forsaken", async () => {
    const { mailbox, tell } = setUp();
    let end = (): void => {};
    tell("t", 1);
    tell("t", 2);
    mailbox.open(
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    await settle();
    expect(mailbox.forsake().map((letter) => letter.message)).toEqual([1]);

    end();
    await settle();

    expect(mailbox.depth).toBe(1);
  });

  test("lets timers run while actors keep each other busy", async () => {
    const { mailbox, tell } = setUp();
    let isTimerDue = false;
    mailbox.open(() => {
      if (!isTimerDue) tell("t", 0);
    });
    tell("t", 0);

    await new Promise<void>((resolve) => {
      setTimeout(() => {
        isTimerDue = true;
        resolve();
      }, 1);
    });

    expect(isTimerDue).toBe(true);
  });
});
