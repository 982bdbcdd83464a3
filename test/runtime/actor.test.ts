import { describe, expect, test } from "vitest";
import { AskFailure } from "../../src/runtime/ask-failure.ts";
import type { Ref, Topic } from "../../src/runtime/protocol.ts";
import type { ActorContext } from "../../src/runtime/spec.ts";
import { settle } from "../kit/manual-clock.ts";
import { type AnyProtocol, Counter, type CounterProtocol, counterSpec, setUp } from "./support.ts";

/** A ref that may be asked for anything, as a careless sender could. */
const careless = (ref: object) => ref as unknown as Ref<Record<string, Topic<unknown, unknown>>>;

describe("an actor", () => {
  test("sees a tell before the ask that was sent after it", async () => {
    const { system } = await setUp();
    const counter = await system.root.spawn(counterSpec("counter"));
    counter.tell("add", 5);

    expect(await counter.ask("read", null)).toBe(5);
  });

  test("never does two things at once, though its handlers wait in between", async () => {
    const { system } = await setUp();
    const counter = await system.root.spawn(counterSpec("counter"));
    await Promise.all(Array.from({ length: 10 }, () => counter.ask("add", 1)));

    expect(await counter.ask("read", null)).toBe(10);
  });

  test("answers to its topics and to no other name its object has", async () => {
    const { system, events } = await setUp();
    const ref = await system.root.spawn<AnyProtocol>({
      id: "keeper",
      topics: { go: true },
      create: () => ({ apiKey: "secret", stop: () => {}, go: () => 1, hidden: () => "secret" }),
    });
    const names = ["apiKey", "hidden", "stop", "toString", "__proto__", "constructor", "create"];

    for (const name of names) {
      await expect(careless(ref).ask(name, null)).rejects.toMatchObject({ code: "unknown-topic" });
    }
    careless(ref).tell("toString", null);
    expect(events.at(-1)).toMatchObject({ kind: "dead-letter", topic: "toString" });
    expect(await ref.ask("go", null)).toBe(1);
  });

  test("does not start without a handler for each topic", async () => {
    const { system } = await setUp();
    const spec = { id: "bare", topics: { go: true }, create: () => ({}) } as const;

    await expect(system.root.spawn<AnyProtocol>(spec)).rejects.toThrow(
      "no handler for the topic go",
    );
  });

  test("gets a lone array as it was sent", async () => {
    const { system } = await setUp();
    const create = () => ({ go: (message: unknown) => message });
    const ref = await system.root.spawn<AnyProtocol>({ id: "echo", topics: { go: true }, create });

    expect(await ref.ask("go", [1, 2, 3])).toEqual([1, 2, 3]);
    expect(await ref.ask("go", undefined)).toBe(undefined);
  });

  test("tells the asker why its handler failed, even without words", async () => {
    const { system } = await setUp();
    const thrown = [new Error(""), "text", undefined, new AggregateError([])];
    const create = () => ({
      go: (at: unknown) => {
        // oxlint-disable-next-line typescript/only-throw-error -- what careless code throws
        throw thrown[at as number];
      },
    });

    for (const at of thrown.keys()) {
      const spec = { id: `thrower-${at}`, topics: { go: true }, create } as const;
      const ref = await system.root.spawn<AnyProtocol>(spec);
      const failure = await ref.ask("go", at).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(AskFailure);
      expect(failure).toMatchObject({ code: "handler-failed", retry: "unknown" });
      expect((failure as Error).cause).toBe(thrown[at]);
    }
  });

  test("keeps what waited through a crash, but not the message that crashed it", async () => {
    const { system, clock } = await setUp();
    const counter = await system.root.spawn(counterSpec("counter"));
    counter.tell("add", 100);
    counter.tell("crash", "poison");
    counter.tell("add", 7);
    const answer = counter.ask("read", null);
    await clock.advance(100);

    expect(await answer).toBe(7);
    expect(system.tree().children[0]).toMatchObject({ restarts: 1, lastFailure: "poison" });
  });

  test("crashes by context.fail as by a handler's throw", async () => {
    const { system, clock, kinds } = await setUp();
    let context: ActorContext<CounterProtocol> | undefined;
    await system.root.spawn<CounterProtocol>({
      ...counterSpec("counter"),
      create: (given) => {
        context = given;
        return new Counter();
      },
    });
    const first = context;
    first?.fail(new Error("from a timer"));
    first?.fail(new Error("once more"));
    await clock.advance(100);
    first?.fail(new Error("from the dead"));
    await clock.advance(100);

    expect(kinds()).toEqual(["started counter", "restarting counter", "started counter"]);
    expect(first?.signal.aborted).toBe(true);
    expect(context?.signal.aborted).toBe(false);
  });

  test("is told of another's end once, and not after its own", async () => {
    const { system, clock } = await setUp();
    await system.root.spawn(counterSpec("watched"));
    const ends: string[] = [];
    const watcher = await system.root.spawn<CounterProtocol>({
      ...counterSpec("watcher"),
      create: (context) => {
        context.watch("watched", (reason) => ends.push(reason));
        context.watch("nobody", (reason) => ends.push(reason));
        return new Counter();
      },
    });
    await settle();
    expect(ends).toEqual(["nobody does not run"]);
    watcher.tell("crash", "leaves no old watch behind");
    await clock.advance(100);

    await system.root.remove("watched", "not needed");

    expect(ends).toEqual(["nobody does not run", "nobody does not run", "not needed"]);
  });

  test("watches nobody from a start that was cut off", async () => {
    const { system } = await setUp();
    await system.root.spawn(counterSpec("watched"));
    const ends: string[] = [];
    let goOn = (): void => {};
    const watcher = system.root.spawn<CounterProtocol>({
      ...counterSpec("watcher"),
      create: (context) =>
        Object.assign(new Counter(), {
          start: async () => {
            await new Promise<void>((resolve) => (goOn = resolve));
            context.watch("watched", (reason) => ends.push(reason));
          },
        }),
    });
    watcher.catch(() => {});
    await settle();
    await system.root.remove("watcher", "not needed");
    goOn();
    await settle();
    await system.root.remove("watched", "not needed either");

    expect(ends).toEqual([]);
  });

  test("is found while it restarts and not once it has ended", async () => {
    const { system, clock } = await setUp();
    const counter = await system.root.spawn(counterSpec("counter"));
    counter.tell("crash", "for a while");
    await settle();
    expect(system.tree().children[0]?.state).toBe("backoff");
    expect(system.find("counter")?.id).toBe("counter");
    await clock.advance(100);
    await system.root.remove("counter", "for good");

    expect(system.find("counter")).toBe(undefined);
  });

  test("turns what reaches it after its end into dead letters", async () => {
    const { system, events } = await setUp();
    const counter = await system.root.spawn(counterSpec("counter"));
    await system.root.remove("counter", "for good");
    counter.tell("add", 1);

    expect(events.at(-1)).toMatchObject({ kind: "dead-letter", actor: "counter", topic: "add" });
    await expect(counter.ask("read", null)).rejects.toMatchObject({ code: "actor-stopped" });
  });

  test("refuses asks beyond its mailbox", async () => {
    const { system } = await setUp();
    const mailbox = { capacity: 2, overflow: "reject" } as const;
    const counter = await system.root.spawn({ ...counterSpec("counter"), mailbox });
    const asks = Array.from({ length: 5 }, () => counter.ask("add", 1));

    const outcomes = await Promise.allSettled(asks);

    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: "mailbox-full", retry: "later" } });
  });
});
