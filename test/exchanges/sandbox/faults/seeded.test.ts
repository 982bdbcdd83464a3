import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ALL_FAULT_KINDS,
  faultSource,
  orderFaults,
  parseFaultPlan,
} from "../../../../src/exchanges/sandbox/index.ts";
import { ManualClock } from "../../../kit/manual-clock.ts";
import { openSandbox } from "../kit/world.ts";

const PATHS = ["/api/v3/klines", "/api/v3/time", "/api/v3/depth", "order"] as const;

function draw(seed: string, rate: number, calls: number) {
  const source = faultSource(parseFaultPlan({ seed, rate }));
  return PATHS.flatMap((path) =>
    Array.from({ length: calls }, (_, call) =>
      source({ path, symbol: "BTCUSDT", interval: "1m", call, elapsedMs: 0 }),
    ),
  );
}

describe("faults drawn from a seed", () => {
  test("are the same for the same seed, and others for another", () => {
    expect(draw("a", 0.5, 100)).toEqual(draw("a", 0.5, 100));
    expect(draw("b", 0.5, 100)).not.toEqual(draw("a", 0.5, 100));
  });

  test("strike as often as they are told to", () => {
    const share = (rate: number): number => {
      const drawn = draw("often", rate, 2_000);
      return drawn.filter((fault) => fault !== undefined).length / drawn.length;
    };

    expect(share(0)).toBe(0);
    expect(share(0.1)).toBeGreaterThan(0.08);
    expect(share(0.1)).toBeLessThan(0.12);
  });

  test("are of every kind there is", () => {
    const kinds = new Set(draw("all", 1, 3_000).map((fault) => fault?.kind));

    expect(ALL_FAULT_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test("are of the kinds that were chosen alone", () => {
    const source = faultSource(parseFaultPlan({ seed: "a", rate: 1, kinds: ["html"] }));
    const asked = { symbol: undefined, interval: undefined, call: 7, elapsedMs: 0 };
    const kinds = PATHS.map((path) => source({ path, ...asked })?.kind);

    expect(kinds).toEqual(["html", "html", "html", undefined]);
  });

  test("do not depend on the order in which requests arrive", async () => {
    const faults = faultSource(
      parseFaultPlan({ seed: "mixed", rate: 0.5, kinds: ["http-500", "html", "null-body"] }),
    );
    const requests = ["BTCUSDT", "ETHUSDT", "SOLUSDT"].flatMap((symbol) =>
      Array.from({ length: 4 }, () => `/api/v3/klines?symbol=${symbol}&interval=1m&limit=2`),
    );
    const answersIn = async (order: readonly string[]) => {
      const { get, sandbox } = await openSandbox({ faults });
      const answers = new Map<string, unknown[]>();
      for (const path of order) {
        const { status, body } = await get(path);
        answers.set(path, [...(answers.get(path) ?? []), [status, body]]);
      }
      await sandbox.close();
      return answers;
    };
    const before = await answersIn(requests);

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(requests, { minLength: requests.length }),
        async (order) => {
          expect(await answersIn(order)).toEqual(before);
        },
      ),
      { numRuns: 5 },
    );
  });

  test("let orders of a pair go astray, each by its number", () => {
    const lost = () => {
      const source = faultSource(parseFaultPlan({ seed: "orders", rate: 0.5 }));
      const fault = orderFaults(source, new ManualClock());
      return Array.from({ length: 40 }, () => fault({ pair: "BTC/USDT" }));
    };

    expect(new Set(lost())).toEqual(new Set(["lost-order", "lost-answer", undefined]));
    expect(lost()).toEqual(lost());
  });
});
