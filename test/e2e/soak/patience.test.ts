import { describe, expect, test } from "vitest";
import { Patience } from "../kit/soak/patience.ts";

/** A clock that is so much later at every look. */
const laterBy = (stepMs: number): (() => number) => {
  let atMs = 0;
  return () => (atMs += stepMs);
};

const failing = (times: number) => {
  let left = times;
  return async (): Promise<string> => {
    if (left-- > 0) throw new Error("connection reset");
    return "answer";
  };
};

describe("a soak's patience with its hub", () => {
  test("asks again when a question fails, and says that one did", async () => {
    const patience = new Patience(15_000, () => false, laterBy(100));

    expect(await patience.ask(failing(0))).toBe("answer");
    expect(patience.told).toBe("every question was answered at once");
    expect(await patience.ask(failing(1))).toBe("answer");
    expect(patience.told).toBe("tries in vain before an answer came: 1, for 100 ms at the longest");
  });

  test("ends once the hub was silent for too long", async () => {
    const patience = new Patience(15_000, () => false, laterBy(10_000));

    await expect(patience.ask(failing(9))).rejects.toThrow("connection reset");
  });

  test("ends at once when the hub has", async () => {
    const patience = new Patience(15_000, () => true, laterBy(1));

    await expect(patience.ask(failing(1))).rejects.toThrow("connection reset");
  });
});
