import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Topic } from "../../src/runtime/protocol.ts";
import type { LocalSpec } from "../../src/runtime/spec.ts";
import { settle } from "../kit/manual-clock.ts";
import { setUp } from "./support.ts";

interface ClerkProtocol {
  /** Bulk work, by the page. */
  readonly page: Topic<number>;
  readonly due: Topic<number>;
}

/** A clerk who is busy with each message until the test lets go, and what it was handed, in order. */
function clerk(pagesAtOnce: number, capacity = 1_000) {
  const handed: string[] = [];
  let release = (): void => {};
  const work = async (words: readonly string[]): Promise<void> => {
    handed.push(...words);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  };
  const spec: LocalSpec<ClerkProtocol> = {
    id: "clerk",
    topics: { page: true, due: true },
    batches: { page: pagesAtOnce },
    patient: { page: true },
    mailbox: { capacity, overflow: "dropOldest" },
    create: () => ({
      page: (pages: readonly number[]) => work(pages.map((n) => `page ${n}`)),
      due: (n: number) => work([`due ${n}`]),
    }),
  };
  const finishAll = async (): Promise<void> => {
    for (let before = -1; before !== handed.length; ) {
      before = handed.length;
      release();
      await settle();
    }
  };
  return { spec, handed, finishAll };
}

describe("a patient topic", () => {
  test("waits for one batch of bulk work at most, however much of it lies there", async () => {
    const { system } = await setUp();
    const { spec, handed, finishAll } = clerk(2);
    const ref = await system.root.spawn(spec);
    for (let n = 0; n < 100; n++) ref.tell("page", n);
    await settle();
    ref.tell("due", 1);
    await finishAll();

    expect(handed.slice(0, 4)).toEqual(["page 0", "page 1", "due 1", "page 2"]);
    expect(handed).toHaveLength(101);
  });

  test("keeps the order within each kind, and loses nothing", async () => {
    const kinds = fc.array(fc.constantFrom("page" as const, "due" as const), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(kinds, fc.integer({ min: 1, max: 4 }), async (sent, atOnce) => {
        const { system } = await setUp();
        const { spec, handed, finishAll } = clerk(atOnce);
        const ref = await system.root.spawn(spec);
        sent.forEach((kind, n) => {
          ref.tell(kind, n);
        });
        await settle();
        await finishAll();
        const words = sent.map((kind, n) => `${kind} ${n}`);

        for (const kind of ["page", "due"]) {
          const ofKind = (word: string): boolean => word.startsWith(kind);
          expect(handed.filter(ofKind)).toEqual(words.filter(ofKind));
        }
      }),
      { numRuns: 50 },
    );
  });

  test("gives up its oldest messages first when the mailbox is full", async () => {
    const { system, kinds } = await setUp();
    const { spec, handed, finishAll } = clerk(1, 3);
    const ref = await system.root.spawn(spec);
    ref.tell("due", 0);
    await settle();
    ref.tell("due", 1);
    for (const n of [0, 1, 2]) ref.tell("page", n);
    await finishAll();

    expect(handed).toEqual(["due 0", "due 1", "page 1", "page 2"]);
    expect(kinds().filter((kind) => kind.startsWith("dead-letter"))).toHaveLength(1);
  });
});
