import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { forked, patient, stopForks, tolerant } from "./forks.ts";
import { compileSources, until } from "./support.ts";

vi.setConfig({ testTimeout: 60_000 });

beforeAll(compileSources);
afterEach(stopForks);

/** More than a pipe takes at once. */
const LONG = "x".repeat(20_000_000);

describe("a forked actor's process that is killed while a message is still being written to it", () => {
  test("fails that message alone, and nothing goes unhandled", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const { ref, node } = await forked({ intensity: tolerant });
    const pid = node()?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    const asked = ref.ask("echo", LONG, patient);
    const outcome = asked.then(
      () => "answered",
      (error: Error) => error.name,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(pid, "SIGKILL");
    await until("another process", () => ![undefined, pid].includes(node()?.pid));

    expect(await ref.ask("add", 3, patient)).toBe(3);
    expect(await outcome).toBe("AskFailure");
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
