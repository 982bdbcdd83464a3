import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { forked, patient, stopForks, tolerant } from "./forks.ts";
import { compileSources } from "./support.ts";

vi.setConfig({ testTimeout: 60_000 });

beforeAll(compileSources);
afterEach(stopForks);

/** A process that looks for memory everywhere may be silent for longer than it needs to find none. */
const unhurried = { everyMs: 250, timeoutMs: 30_000 };

describe("a forked actor that uses ever more memory", () => {
  test("is ended by the limit of its heap, and started anew", async () => {
    const { ref, events } = await forked({
      intensity: tolerant,
      heapMb: 200,
      heartbeat: unhurried,
    });
    ref.tell("hoardObjects", null);

    expect(await ref.ask("add", 3, patient)).toBe(3);
    const reasons = events.flatMap((event) => (event.kind === "restarting" ? [event.reason] : []));
    expect(reasons).toHaveLength(1);
    // By which signal a runtime gives up is its own affair.
    expect(reasons[0]).toMatch(/^process was ended by SIG(ABRT|TRAP|ILL)$/);
  });

  test("is killed when it keeps the memory beside its heap", async () => {
    const { ref, events } = await forked({
      intensity: tolerant,
      heapMb: 128,
      heartbeat: unhurried,
    });
    ref.tell("hoardBuffers", null);

    expect(await ref.ask("add", 3, patient)).toBe(3);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: "restarting",
        reason: "used more than 256 MB of memory",
      }),
    );
  });
});

describe.runIf(existsSync("/proc/self/limits"))("a forked actor's memory", () => {
  test("is never dumped: it may hold what was lent to it", async () => {
    const { node } = await forked();
    const limits = readFileSync(`/proc/${node()?.pid}/limits`, "utf8");

    expect(limits).toMatch(/^Max core file size +0 +0 /m);
  });
});
