import { describe, expect, test } from "vitest";
import type { ComedyFork } from "../../src/runtime/comedy/internals.ts";
import { failUnanswered } from "../../src/runtime/comedy/unanswered.ts";

/** A fork of comedy's whose questions have not left yet: nobody has heed of its own promises. */
function setUp() {
  let count = 0;
  const responsePromises: Record<number, unknown> = {};
  const answers = new Map<number, (answer: unknown) => void>();
  const send = (message: { type: string; id?: number }): Promise<unknown> => {
    const id = ++count;
    message.id = id;
    responsePromises[id] = "comedy would reject this";
    return new Promise((resolve) => answers.set(id, resolve));
  };
  const fork = { responsePromises, _send0: send } as unknown as ComedyFork;
  const fail = failUnanswered(fork);
  const ask = (type: string) => fork._send0({ type });
  return { responsePromises, answers, fail, ask };
}

describe("what waits for an answer of a child that is gone", () => {
  test("fails by us, and comedy is left nothing of it to reject", async () => {
    const { responsePromises, fail, ask } = setUp();
    const asked = [ask("actor-message"), ask("actor-message")];
    const failed = Promise.allSettled(asked);

    fail(new Error("gone"));

    const reason = expect.objectContaining({ message: "gone" }) as unknown;
    expect(await failed).toEqual([1, 2].map(() => ({ status: "rejected", reason })));
    expect(responsePromises).toEqual({});
  });

  test("is answered as ever while the child is there", async () => {
    const { answers, fail, ask } = setUp();
    const asked = ask("actor-message");

    answers.get(1)?.("here");
    expect(await asked).toBe("here");
    fail(new Error("gone"));

    await expect(asked).resolves.toBe("here");
  });

  test("is left to comedy where it is comedy's own question", () => {
    const { responsePromises, fail, ask } = setUp();
    void ask("destroy-actor");

    fail(new Error("gone"));

    expect(Object.keys(responsePromises)).toEqual(["1"]);
  });
});
