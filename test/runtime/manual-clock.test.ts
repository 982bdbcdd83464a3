import { describe, expect, test } from "vitest";
import { ManualClock } from "../kit/manual-clock.ts";

describe("a clock moved by hand", () => {
  test("rings due timers in order, each at its own time", async () => {
    const clock = new ManualClock(0);
    const rung: string[] = [];
    clock.after(20, () => rung.push(`b at ${clock.nowMs()}`));
    clock.after(10, () => {
      rung.push(`a at ${clock.nowMs()}`);
      clock.after(5, () => rung.push(`child at ${clock.nowMs()}`));
    });
    clock.after(20, () => rung.push(`c at ${clock.nowMs()}`));
    clock.after(21, () => rung.push("too early"));
    await clock.advance(20);

    expect(rung).toEqual(["a at 10", "child at 15", "b at 20", "c at 20"]);
    expect(clock.pending).toBe(1);
  });

  test("rings nothing that was cancelled", async () => {
    const clock = new ManualClock();
    let rings = 0;
    const cancel = clock.after(1, () => rings++);
    cancel();
    cancel();
    await clock.advance(10);

    expect(rings).toBe(0);
  });

  test("wakes a sleeper on time, or at once when aborted", async () => {
    const clock = new ManualClock();
    const abort = new AbortController();
    let isAwake = false;
    void clock.sleep(10).then(() => {
      isAwake = true;
    });
    const aborted = clock.sleep(10, abort.signal);
    abort.abort(new Error("called away"));
    await expect(aborted).rejects.toThrow("called away");
    await clock.advance(9);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    await Promise.resolve();

    expect(isAwake).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test("does not go back", async () => {
    await expect(new ManualClock().advance(-1)).rejects.toThrow(RangeError);
    await expect(new ManualClock().advance(Number.NaN)).rejects.toThrow(RangeError);
  });
});
