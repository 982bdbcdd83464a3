import { describe, expect, test } from "vitest";
import type { Topic } from "../../src/runtime/protocol.ts";
import type { LocalSpec } from "../../src/runtime/spec.ts";
import { settle } from "../kit/manual-clock.ts";
import { setUp } from "./support.ts";

interface DeskProtocol {
  readonly fetch: Topic<string, string>;
  readonly note: Topic<string>;
  readonly read: Topic<null, readonly string[]>;
}

/** A desk whose errands end when the test says so. */
function desk(): { spec: LocalSpec<DeskProtocol>; end: Map<string, (failure?: Error) => void> } {
  const end = new Map<string, (failure?: Error) => void>();
  const spec: LocalSpec<DeskProtocol> = {
    id: "desk",
    topics: { fetch: true, note: true, read: true },
    concurrent: { fetch: true },
    create: () => {
      const notes: string[] = [];
      return {
        fetch: (what: string) =>
          new Promise<string>((resolve, reject) => {
            end.set(what, (failure) =>
              failure === undefined ? resolve(`got ${what}`) : reject(failure),
            );
          }),
        note: (text: string) => void notes.push(text),
        read: () => [...notes],
      };
    },
  };
  return { spec, end };
}

describe("a concurrent topic", () => {
  test("lets later messages pass while its handler waits", async () => {
    const { system } = await setUp();
    const { spec, end } = desk();
    const ref = await system.root.spawn(spec);
    const errand = ref.ask("fetch", "milk");
    ref.tell("note", "passed");

    expect(await ref.ask("read", null)).toEqual(["passed"]);
    end.get("milk")?.();
    expect(await errand).toBe("got milk");
  });

  test("answers each asker for himself, in whatever order they end", async () => {
    const { system } = await setUp();
    const { spec, end } = desk();
    const ref = await system.root.spawn(spec);
    const errands = ["a", "b", "c"].map((what) => ref.ask("fetch", what));
    await settle();
    for (const what of ["c", "a", "b"]) end.get(what)?.();

    expect(await Promise.all(errands)).toEqual(["got a", "got b", "got c"]);
  });

  test("crashes its actor when it fails, and fails the other errands with it", async () => {
    const { system, clock, kinds } = await setUp();
    const { spec, end } = desk();
    const ref = await system.root.spawn(spec);
    const errands = ["a", "b"].map((what) => ref.ask("fetch", what));
    const outcomes = Promise.allSettled(errands);
    await settle();
    end.get("a")?.(new Error("lost"));

    expect((await outcomes).map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    await clock.advance(1_000);
    expect(kinds()).toContain("restarting desk");
    expect(await ref.ask("read", null)).toEqual([]);
  });

  test("does not hold up a stop", async () => {
    const { system } = await setUp();
    const { spec } = desk();
    const ref = await system.root.spawn(spec);
    const errand = ref.ask("fetch", "never").catch((error: unknown) => error);
    await settle();
    await system.root.remove("desk", "enough");

    expect(await errand).toMatchObject({ code: "actor-stopped" });
  });
});
