import { describe, expect, test } from "vitest";
import { settle } from "../kit/manual-clock.ts";
import {
  type AnyProtocol,
  Counter,
  type CounterProtocol,
  counterSpec,
  counterTopics,
  setUp,
  supervisorSpec,
} from "./support.ts";

describe("an ask", () => {
  const stuckSpec = {
    id: "stuck",
    topics: { go: true },
    create: () => ({ go: () => new Promise(() => {}) }),
  } as const;

  test("fails when its limit passes, and never before", async () => {
    const { system, clock } = await setUp();
    const ref = await system.root.spawn<AnyProtocol>(stuckSpec);
    let failure: unknown;
    void ref.ask("go", null, { timeoutMs: 50 }).catch((error: unknown) => {
      failure = error;
    });
    await clock.advance(49);
    expect(failure).toBe(undefined);
    await clock.advance(1);

    await settle();
    expect(failure).toMatchObject({ code: "ask-timeout", retry: "unknown" });
  });

  test("fails when its asker aborts, before or while it waits", async () => {
    const { system } = await setUp();
    const ref = await system.root.spawn<AnyProtocol>(stuckSpec);
    const abort = new AbortController();
    const answer = ref.ask("go", null, { signal: abort.signal });
    abort.abort(new Error("not interested"));

    await expect(answer).rejects.toMatchObject({ code: "aborted" });
    await expect(ref.ask("go", null, { signal: abort.signal })).rejects.toMatchObject({
      code: "aborted",
      cause: { message: "not interested" },
    });
  });

  test("leaves no timer behind once it is answered", async () => {
    const { system, clock } = await setUp();
    const counter = await system.root.spawn(counterSpec("counter"));
    await counter.ask("read", null);

    expect(clock.pending).toBe(0);
  });

  test("keeps its limit while the actor restarts", async () => {
    const backoff = { minMs: 10_000, maxMs: 10_000, factor: 1, jitterFraction: 0 };
    const { system, clock } = await setUp({ backoff });
    const counter = await system.root.spawn(counterSpec("counter"));
    counter.tell("crash", "long");
    const answer = counter.ask("read", null).catch((error: unknown) => error);
    await clock.advance(5_000);

    expect(await answer).toMatchObject({ code: "ask-timeout" });
  });
});

describe("a ref", () => {
  test("finds the actor that a restarted owner made anew", async () => {
    const { system, clock } = await setUp();
    const owner = await system.root.spawn<CounterProtocol>({
      id: "owner",
      topics: counterTopics,
      create: async (context) => {
        await context.supervise("below", supervisorSpec).spawn(counterSpec("counter"));
        return new Counter();
      },
    });
    const child = system.find<CounterProtocol>("owner/below/counter");
    await child?.ask("add", 3);
    owner.tell("crash", "takes its children along");
    await clock.advance(100);

    expect(await child?.ask("read", null)).toBe(0);
  });
});
