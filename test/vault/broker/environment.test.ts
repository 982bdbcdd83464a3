import { expect, test } from "vitest";
import { readEnvironment } from "../../../src/vault/broker/environment.ts";

test("real money wants to be named: without a word, and for demo, it is practice", () => {
  expect([undefined, "practice", "demo", "DEMO ", "live", "Live"].map(readEnvironment)).toEqual([
    "practice",
    "practice",
    "practice",
    "practice",
    "live",
    "live",
  ]);
});

test.each(["", "prod", "liv", "live account", "__proto__", "toString"])(
  "%j is no word for an environment",
  (word) => {
    expect(readEnvironment(word)).toBeUndefined();
  },
);
