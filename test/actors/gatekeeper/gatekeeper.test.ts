import { describe, expect, test } from "vitest";
import { StoreFailure } from "../../../src/store/errors.ts";
import { NOON, position, sellSignal } from "../../kit/builders.ts";
import { EVERYTHING, halt, haltOrder } from "../../kit/halts.ts";
import { buy, setUp } from "./world.ts";

describe("a gatekeeper", () => {
  test("accepts what passes every check: stored, queued, its money set aside, the trader told", async () => {
    const { review, verdicts, db, trader } = setUp();

    await review(buy(0));

    expect(verdicts()).toEqual(["accepted"]);
    const [verdict] = db.verdicts.values();
    expect(verdict).toMatchObject({ decision: "accepted", portfolio: "main", quantity: "0.03333" });
    expect(verdict?.checks.every((check) => check.passed)).toBe(true);
    expect(db.items).toMatchObject([
      { status: "pending", order: { side: "buy", origin: "signal" } },
    ]);
    expect((await db.account()).reserved).toBe("1000.93326333");
    expect(trader.received).toEqual([{ topic: "work", message: null }]);
  });

  test("gives each signal of a batch its own verdict, in one reading of the market", async () => {
    const { review, verdicts, db, market } = setUp();
    const stale = buy(1, { closeTime: buy(1).closeTime - 3_600_000 });

    await review(buy(0), stale, buy(2));

    expect(verdicts()).toEqual(["accepted", "refused signal-fresh", "accepted"]);
    expect(db.verdicts.size).toBe(3);
    expect(market.calls.get("quotes")).toBe(1);
  });

  test("counts what it has just granted against the next signal", async () => {
    const { review, verdicts } = setUp({ maxOpenPositions: 2 });

    await review(buy(0), buy(4), buy(1), buy(2));

    expect(verdicts()).toEqual([
      "accepted",
      "refused working-order",
      "accepted",
      "refused open-positions",
    ]);
  });

  test("lets no batch spend more cash than there is", async () => {
    const { review, verdicts, db } = setUp({
      stakeFraction: 0.4,
      maxAssetExposureFraction: 1,
      maxPortfolioExposureFraction: 1,
    });

    await review(buy(0), buy(1), buy(2));

    expect(verdicts().map((verdict) => verdict.split(" ")[0])).toEqual([
      "accepted",
      "accepted",
      "refused",
    ]);
    expect(verdicts()[2]).toContain("free-balance");
    expect(Number((await db.account()).reserved)).toBeLessThanOrEqual(10_000);
  });

  test("keeps the verdict a signal has, within a batch and across batches", async () => {
    const { review, verdicts, db } = setUp();

    await review(buy(0), buy(0));
    await review(buy(0));

    expect(verdicts()).toEqual(["accepted"]);
    expect([db.verdicts.size, db.items.length]).toEqual([1, 1]);
  });

  test("judges again when the account moved on while it judged", async () => {
    const { review, verdicts, db } = setUp();
    db.beforeDecide = () => {
      db.stops = [halt()];
      db.revision += 1;
    };

    await review(buy(0));

    expect(verdicts()).toEqual(["refused trading-halted"]);
    expect(db.items).toEqual([]);
  });

  test("judges every signal of a batch in the end, though the account moves on again and again", async () => {
    const { review, verdicts, db } = setUp();
    const decide = db.decide.bind(db);
    let left = 5;
    db.decide = (decisions, revision) => {
      if (left-- > 0) db.revision += 1;
      return decide(decisions, revision);
    };

    await review(buy(0), buy(1), buy(2), buy(3), buy(4));

    expect(verdicts()).toEqual([
      "accepted",
      "accepted",
      "accepted",
      "accepted",
      "refused working-order",
    ]);
    expect([db.verdicts.size, db.items.length]).toEqual([5, 4]);
  });

  test("tells of what it decided though the answer of the database was lost, once and as it is stored", async () => {
    const { review, verdicts, db, clock, trader } = setUp();
    await review(buy(0));
    await clock.advance(1);
    const decide = db.decide.bind(db);
    db.decide = async (decisions, revision) => {
      await decide(decisions, revision);
      db.decide = decide;
      db.stops = [halt()];
      throw new StoreFailure("offline", "ECONNRESET", "the answer was lost");
    };

    const reviewing = review(buy(0), buy(1));
    await clock.advance(1_000);
    await reviewing;

    expect(verdicts()).toEqual(["accepted", "accepted"]);
    expect([...db.verdicts.values()].map(({ decision }) => decision)).toEqual(verdicts());
    expect(trader.of("work")).toHaveLength(2);
  });

  test("fails when the account never stands still", async () => {
    const { gatekeeper, db } = setUp();
    const item = { signal: buy(0), answeredAt: 0, exchangeMs: 0 };
    const riskState = db.riskState.bind(db);
    db.riskState = async () => {
      const state = await riskState();
      db.revision += 1;
      return state;
    };

    await expect(gatekeeper.judge([item])).rejects.toThrow("never stood still");
    expect([db.verdicts.size, db.items.length]).toEqual([0, 0]);
  });

  test.each([
    ["quotes", "spread"],
    ["orderBook", "depth-for-size"],
    ["dayStats", "day-volume"],
    ["instruments", "market-active"],
  ])("refuses, and stores that it did, when %s cannot be had", async (call, reason) => {
    const { review, verdicts, db, market, failures } = setUp();
    market.failing.add(call);

    await review(buy(0));

    expect(verdicts()[0]).toContain("refused");
    expect(verdicts()[0]).toContain(reason);
    expect(db.verdicts.size).toBe(1);
    expect(failures).toHaveLength(1);
  });

  test("refuses on an exchange that is not there", async () => {
    const { review, verdicts, db } = setUp();
    const nowhere = buy(0, { series: { exchange: "oanda", pair: "BTC/USDT", timeframe: "1h" } });

    await review(nowhere);

    expect(verdicts()[0]).toContain("clock-skew");
    expect([db.verdicts.size, db.items.length]).toEqual([1, 0]);
  });

  test("refuses while the exchange's clock was never measured, and once that is too long ago", async () => {
    const { review, verdicts, db, market, clock } = setUp();
    market.measuredAt = undefined;
    await review(buy(0));
    await market.measureClock();
    await review(buy(1));
    await clock.advance(3_600_001);
    await review(buy(2, { closeTime: clock.nowMs() }));

    expect(verdicts()).toEqual(["refused clock-skew", "accepted", "refused clock-skew"]);
    const ages = [...db.verdicts.values()].map(
      ({ checks }) => checks.find(({ check }) => check === "clock-skew")?.dataAgeMs,
    );
    expect(ages).toEqual([null, 0, null]);
  });

  test("refuses what was raised on a window with missing candles", async () => {
    const { review, verdicts } = setUp();

    await review(buy(0, { missingInWindow: 1 }));

    expect(verdicts()).toEqual(["refused window-complete"]);
  });

  test("buys nothing while trading is halted, and still sells what is held", async () => {
    const { review, gatekeeper, verdicts, db, events } = setUp();
    db.held.set("p", position());
    expect(await gatekeeper.halt(haltOrder())).toMatchObject({ before: false, halted: true });

    await review(buy(1));
    await review(sellSignal({ id: "5e11" }));
    expect(await gatekeeper.halt(haltOrder({ by: "bob", reason: "late" }))).toMatchObject({
      before: true,
    });
    expect(await gatekeeper.resume({ scope: EVERYTHING, by: "ann" })).toEqual({
      before: true,
      halted: false,
      halts: [],
    });
    await review(buy(2));

    expect(verdicts()).toEqual(["refused trading-halted", "accepted", "accepted"]);
    expect(events.filter((e) => e.kind === "trading-resumed")).toHaveLength(1);
  });

  test("judges afresh what it could not write down: what passed before an outage may not after it", async () => {
    const { review, verdicts, db, clock, trader } = setUp();
    const decide = db.decide.bind(db);
    db.decide = async (...args) => {
      if (clock.nowMs() < NOON + 60_000) throw new StoreFailure("offline", "08006", "away");
      return decide(...args);
    };

    const reviewing = review(buy(0));
    await clock.advance(70_000);
    await reviewing;

    // The quote has grown old meanwhile, and the account may have changed.
    expect(verdicts()).toEqual([expect.stringMatching(/^refused .*spread/)]);
    expect(trader.received).toEqual([]);
  });

  test("accepts after a blink of the database what it would have accepted before it", async () => {
    const { review, verdicts, db, clock } = setUp();
    const riskState = db.riskState.bind(db);
    let failures = 2;
    db.riskState = async () => {
      if (failures-- > 0) throw new StoreFailure("offline", "57P01", "restarting");
      return riskState();
    };

    const reviewing = review(buy(0));
    await clock.advance(1_000);
    await reviewing;

    expect(verdicts()).toEqual(["accepted"]);
  });

  test("counts the time of the exchange's answers out of its own latency", async () => {
    const { review, events, market, clock } = setUp();
    const quotes = market.quotes.bind(market);
    market.quotes = async (pairs) => {
      await clock.advance(700);
      return quotes(pairs);
    };

    await review(buy(0));

    expect(events.find((e) => e.kind === "verdict-given")).toMatchObject({ latencyMs: 0 });
  });
});
