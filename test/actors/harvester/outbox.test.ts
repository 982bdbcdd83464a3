import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Delivery, Outbox } from "../../../src/actors/harvester/outbox.ts";
import { settle } from "../../kit/manual-clock.ts";
import { batch } from "../architect/world.ts";

/** A store that answers when it is told to. */
function setUp() {
  const asked: number[] = [];
  const pending: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const outbox = new Outbox(({ attempt }) => {
    asked.push(attempt);
    return new Promise<void>((resolve, reject) => pending.push({ resolve, reject }));
  });
  const outcomes: (Delivery | "failed")[] = [];
  /** Hands over the n-th answer. */
  const deliver = (n: number): void => {
    outbox.deliver(batch([n], { attempt: n })).then(
      (delivery) => (outcomes[n] = delivery),
      () => (outcomes[n] = "failed"),
    );
  };
  const answer = async (how: "resolve" | "reject" = "resolve"): Promise<void> => {
    pending.shift()?.[how](new Error("not stored"));
    await settle();
  };
  return { asked, pending, outcomes, deliver, answer };
}

describe("the outbox of a series", () => {
  test("hands on one answer after the other, while each is stored in time", async () => {
    const { deliver, answer, asked, outcomes } = setUp();

    for (const n of [0, 1, 2]) {
      deliver(n);
      await answer();
    }

    expect([asked, outcomes]).toEqual([
      [0, 1, 2],
      ["stored", "stored", "stored"],
    ]);
  });

  test("keeps only the newest answer behind the one that is on its way", async () => {
    const { deliver, answer, asked, outcomes } = setUp();
    for (const n of [0, 1, 2, 3]) deliver(n);
    await settle();
    expect([asked, outcomes]).toEqual([[0], [undefined, "replaced", "replaced"]]);

    await answer();
    expect(asked).toEqual([0, 3]);
    await answer();

    expect(outcomes).toEqual(["stored", "replaced", "replaced", "stored"]);
  });

  test("hands on the next one after one that could not be stored, and tells each what became of it", async () => {
    const { deliver, answer, asked, outcomes } = setUp();
    deliver(0);
    deliver(1);

    await answer("reject");
    await answer();
    deliver(2);
    await answer();

    expect([asked, outcomes]).toEqual([
      [0, 1, 2],
      ["failed", "stored", "stored"],
    ]);
  });

  test("never has more than one on its way, and never passes over the newest", async () => {
    const step = fc.constantFrom("deliver", "store", "fail");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { deliver, answer, asked, pending, outcomes } = setUp();
        let newest = -1;
        for (const one of steps) {
          if (one === "deliver") deliver((newest += 1));
          else await answer(one === "store" ? "resolve" : "reject");
          expect(pending.length).toBeLessThanOrEqual(1);
        }
        while (pending.length > 0) await answer();

        expect(asked.at(-1)).toBe(newest < 0 ? undefined : newest);
        expect(asked).toEqual(asked.toSorted((a, b) => a - b));
        expect(Array.from(outcomes, (outcome) => outcome !== undefined)).toEqual(
          Array.from({ length: newest + 1 }, () => true),
        );
      }),
    );
  });
});
