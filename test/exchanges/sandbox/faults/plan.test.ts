import { describe, expect, test } from "vitest";
import {
  ALL_FAULT_KINDS,
  faultSource,
  parseFaultPlan,
} from "../../../../src/exchanges/sandbox/index.ts";

const asked = {
  path: "/api/v3/klines",
  symbol: "BTCUSDT",
  interval: "1m",
  call: 0,
  elapsedMs: 0,
} as const;

describe("a plan of faults is refused in one line", () => {
  test.each([
    [[{ kind: "gremlins" }], 'at 0.kind: "gremlins" is no kind of fault'],
    [[{}], "at 0.kind: nothing is no kind of fault"],
    [["html"], "at 0: Invalid input: expected object, received string"],
    [[{ kind: "html", lateMs: 5 }], 'at 0: Unrecognized key: "lateMs"'],
    [
      [{ kind: "html" }, { kind: "late-candle", lateMs: "5" }],
      "at 1.lateMs: Invalid input: expected number, received string",
    ],
    [[{ kind: "html", calls: 0 }], "at 0.calls: Too small: expected number to be >=1"],
    [{ seed: "a" }, "at rate: Invalid input: expected number, received undefined"],
    [{ seed: "a", rate: 2 }, "at rate: Too big: expected number to be <=1"],
    [{ seed: "a", rate: 1, kinds: ["rain"] }, 'at kinds.0: "rain" is no kind of fault'],
  ])("%j", (json, reason) => {
    expect(() => parseFaultPlan(json)).toThrow(
      new RegExp(`^setting HUB_SANDBOX_FAULTS ${reason.replaceAll(/[.?[\]"]/g, "\\$&")}$`),
    );
  });
});

describe("a script of faults", () => {
  test.each(ALL_FAULT_KINDS)("takes %s without parameters", (kind) => {
    expect(parseFaultPlan([{ kind }])).toMatchObject({ rules: [{ fault: { kind } }] });
  });

  test("strikes the pair, candles, calls and time it names, and nothing else", () => {
    const scope = { path: asked.path, symbol: "BTCUSDT", interval: "1m" };
    const when = { fromCall: 2, calls: 2, fromMs: 1_000, forMs: 500 };
    const source = faultSource(parseFaultPlan([{ kind: "html", ...scope, ...when }]));
    const strikes = (over: object): boolean =>
      source({ ...asked, call: 2, elapsedMs: 1_000, ...over }) !== undefined;

    expect([{}, { call: 3 }, { elapsedMs: 1_499 }].map(strikes)).toEqual([true, true, true]);
    expect(
      [
        { path: "/api/v3/depth" },
        { symbol: "ETHUSDT" },
        { interval: "5m" },
        { call: 1 },
        { call: 4 },
        { elapsedMs: 999 },
        { elapsedMs: 1_500 },
      ].map(strikes),
    ).toEqual([false, false, false, false, false, false, false]);
  });

  test("lets the first rule decide that fits", () => {
    const source = faultSource(
      parseFaultPlan([
        { kind: "html", interval: "5m" },
        { kind: "null-body" },
        { kind: "http-500" },
      ]),
    );

    expect(source(asked)).toEqual({ kind: "null-body" });
  });

  test("keeps faults of candles, of the time and of orders to themselves", () => {
    const plan = ["late-candle", "clock-skew", "lost-order", "html"].map((kind) => ({ kind }));
    const source = faultSource(parseFaultPlan(plan));
    const kindAt = (path: string): string | undefined => source({ ...asked, path })?.kind;

    expect(["/api/v3/klines", "/api/v3/time", "order", "/api/v3/depth"].map(kindAt)).toEqual([
      "late-candle",
      "clock-skew",
      "lost-order",
      "html",
    ]);
  });
});
