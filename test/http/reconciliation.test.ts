import { describe, expect, test } from "vitest";
import { halt } from "../kit/halts.ts";
import { NOW } from "./kit/builders.ts";
import { serveFilled } from "./kit/served.ts";

const { world, ask } = serveFilled();
const PATH = "/api/v1/reconciliation";
const QUARANTINED = halt({
  scope: { kind: "pair", exchange: "binance", pair: "ETH/USDT" },
  mode: "quarantine",
  cause: "reconciliation",
  by: "hub",
  reason: "0.5 held there",
  at: NOW,
});

/** The same hub throughout: what one test tells it, the next one finds. */
describe("what comparing books and broker came to", () => {
  test("is nothing before they were compared", async () => {
    expect((await ask("GET", PATH)).json).toEqual({ last: null, failing: null, quarantined: [] });
  });

  test("is told with the pairs that are in quarantine for it, and no other halt", async () => {
    world.events.publish({ kind: "books-compared", positions: 2, orders: 3, mismatches: 1 }, NOW);
    world.shelves.halts = [halt(), QUARANTINED, halt({ ...QUARANTINED, cause: "operator" })];

    expect((await ask("GET", PATH)).json).toEqual({
      last: { at: NOW, positions: 2, orders: 3, mismatches: 1 },
      failing: null,
      quarantined: [QUARANTINED],
    });
  });

  test("says why they cannot be compared, until they were again", async () => {
    const reason = "the broker does not say what it holds";
    world.events.publish({ kind: "books-not-compared", reason }, NOW);
    const before = await ask("GET", PATH);
    world.events.publish({ kind: "books-compared", positions: 0, orders: 0, mismatches: 0 });
    const after = await ask("GET", PATH);

    expect([before.json, after.json]).toMatchObject([
      { last: { mismatches: 1 }, failing: { since: NOW, reason } },
      { last: { mismatches: 0 }, failing: null },
    ]);
  });
});
