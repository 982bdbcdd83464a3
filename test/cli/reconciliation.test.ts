import { describe, expect, test } from "vitest";
import { halt } from "../kit/halts.ts";
import { askFake } from "./fake-hub.ts";

const ON = "GET /api/v1/reconciliation";
const LAST = { at: Date.UTC(2026, 0, 5, 12), positions: 2, orders: 3, mismatches: 1 };

describe("hub reconciliation", () => {
  test("says when books and broker were compared, and that all is well", async () => {
    const body = { last: { ...LAST, mismatches: 0 }, failing: null, quarantined: [] };

    const { out } = await askFake(["reconciliation"], ON, { body });

    expect(out.split("\n")).toEqual([
      "compared at 2026-01-05 12:00:00Z: 2 positions, 3 orders under way, 0 pairs differ",
      "no pair is in quarantine",
    ]);
  });

  test("names the pairs that wait for somebody, and the way out", async () => {
    const scope = { kind: "pair", exchange: "kraken", pair: "BTC/USDT" } as const;
    const quarantined = [
      halt({ scope, mode: "quarantine", cause: "reconciliation", reason: "0.5 held there" }),
    ];

    const { out } = await askFake(["reconciliation"], ON, {
      body: { last: LAST, failing: null, quarantined },
    });

    expect(out).toMatch(/1 pairs differ\n/);
    expect(out).toMatch(/pair:kraken:BTC\/USDT .* 0\.5 held there/);
    expect(out).toMatch(/hub resume --exchange <id> --pair <pair>$/);
  });

  test("says why they cannot be compared", async () => {
    const failing = { since: LAST.at, reason: "the broker is silent" };

    const { out } = await askFake(["reconciliation"], ON, {
      body: { last: null, failing, quarantined: [] },
    });

    expect(out).toMatch(/^not compared yet by this hub\n/);
    expect(out).toMatch(/cannot be compared since 2026-01-05 .*: the broker is silent/);
  });
});
