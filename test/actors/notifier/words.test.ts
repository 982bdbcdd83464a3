import { describe, expect, test } from "vitest";
import { choose } from "../../../src/actors/notifier/choose.ts";
import { summaryDay, summaryOf } from "../../../src/actors/notifier/summary.ts";
import type { OutboxEvent } from "../../../src/store/outbox-port.ts";
import { NOON } from "../../kit/builders.ts";

const event = (id: number, kind: string, payload: OutboxEvent["payload"], subject = "x") =>
  ({ id, at: NOON + id, kind, subject, payload }) satisfies OutboxEvent;
const gap = (id: number, series: string) => event(id, "gap-opened", {}, series);
const told = (...events: OutboxEvent[]) => choose(events).map(({ body }) => body);

describe("what people are told", () => {
  test.each<[string, OutboxEvent["payload"], string, string]>([
    [
      "trading-halted",
      { by: "ann", reason: "a storm" },
      "critical",
      "Buying is halted by ann: a storm",
    ],
    ["trading-resumed", { by: "ann" }, "info", "Buying goes on again, says ann"],
    [
      "actor-parked",
      { actor: "trader", reason: "5 in 60 s" },
      "critical",
      "trader failed too often",
    ],
    ["store-changed", { state: "offline", reason: "gone" }, "critical", "was away: gone"],
    ["store-changed", { state: "ok", reason: "" }, "info", "The database is back"],
    [
      "vault-changed",
      { state: "offline", reason: "refused" },
      "warning",
      "does not serve: refused",
    ],
    ["ledger-broken", { line: 7, reason: "altered" }, "critical", "ALTERED at line 7: altered"],
    ["ledger-unread", { reason: "EIO" }, "warning", "is whole is not known: EIO"],
    ["lease-lost", { lease: "trader", reason: "late" }, "warning", "lost the lease trader: late"],
    [
      "quotes-lost",
      { exchange: "okx", pair: "A/B" },
      "critical",
      "okx: A/B is held and has no quote",
    ],
    ["position-closed", { exchange: "okx", pair: "A/B", pnl: "-1.5" }, "info", "result -1.5"],
  ])("of %s with %j", (kind, payload, severity, body) => {
    const [only] = choose([event(1, kind, payload)]);
    expect(only).toMatchObject({ key: "event/1", severity, at: NOON + 1 });
    expect(only?.body).toContain(body);
  });

  test("is nothing of what happens all the time", () => {
    const created = { state: "created", exchange: "okx", pair: "A/B", side: "buy" };
    const kinds = ["verdict-given", "gap-healed", "actor-restarted", "of a later version"];
    const events = kinds.map((kind, n) => event(n, kind, {}));
    expect(told(...events, event(9, "order-changed", created))).toEqual([]);
  });

  test("is of an order that its answer was lost, or that it was rejected", () => {
    const order = { exchange: "okx", pair: "A/B", side: "buy" };
    const lost = event(1, "order-changed", { ...order, state: "unknown" });
    const rejected = event(2, "order-changed", { ...order, state: "rejected", reason: "lot" });
    expect(choose([lost, rejected]).map(({ severity }) => severity)).toEqual([
      "critical",
      "warning",
    ]);
  });

  test("is once of all gaps that an exchange makes at a time, with the first of them named", () => {
    const many = Array.from({ length: 30 }, (_, n) => gap(n + 1, `okx:C${n}/USDT:1m`));
    const bodies = told(...many, gap(40, "kraken:ETH/USD:5m"));
    const late = { ...gap(50, "okx:C1/USDT:1m"), at: NOON + 3_600_000 };
    expect(told(...many, late)).toHaveLength(2);
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toContain("okx: 30 candles are missing");
    expect(bodies[0]).toContain("C7/USDT:1m and 22 more series");
    expect(bodies[1]).toContain("kraken: a candle is missing");
    expect(bodies[1]).toContain("ETH/USD:5m");
  });
});

describe("the summary of a day", () => {
  const DAY = 86_400_000;
  const monday = Math.floor(NOON / DAY) * DAY;

  test("is due from its hour on, and is of the day before", () => {
    expect(summaryDay(monday, 0)).toBe(monday - DAY);
    expect(summaryDay(monday + 7 * 3_600_000 - 1, 7)).toBe(monday - 2 * DAY);
    expect(summaryDay(monday + 7 * 3_600_000, 7)).toBe(monday - DAY);
  });

  test("says what the account is worth, what was won and lost, and what is open", () => {
    const equity = {
      day: monday,
      open: "10000",
      high: "1",
      low: "1",
      close: "11050",
      flow: "1000",
      markedAt: 0,
    };
    const facts = { currency: "USDT", equity, results: ["60", "-9.995", "0"], openPositions: 2 };
    const { key, body } = summaryOf(monday, NOON, { ...facts, openGaps: 1 });
    expect(key).toBe("summary/2026-01-05");
    expect(body.split("\n")).toEqual([
      "Summary of 2026-01-05 (UTC)",
      "Equity 11050.00 USDT, +50.00 (+0.50 %)",
      "3 positions closed, 1 with a gain, result 50.01 USDT",
      "Now open: 2 positions, 1 gaps",
    ]);
  });
});
