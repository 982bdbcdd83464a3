import { describe, expect, test } from "vitest";
import type { Oversight } from "../../../src/actors/trader/overseer.ts";
import type { ExchangeSituation } from "../../../src/risk/automatic-halts.ts";
import { NOON, position } from "../../kit/builders.ts";
import { CALM, EVERYTHING } from "../../kit/halts.ts";
import { setUp } from "./world.ts";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(NOON / DAY_MS) * DAY_MS;
const GOOD: ExchangeSituation = {
  exchange: "binance",
  clockSkew: { value: 20, ageMs: 0 },
  stale: null,
};

function watched(over: Partial<Oversight["modes"]> = {}) {
  const exchanges = [GOOD];
  const on = "reduce-only" as const;
  const modes = { dailyLoss: on, drawdown: on, staleData: on, clockSkew: on, ...over };
  const world = setUp(60_000, (store) => store, undefined, {
    ...CALM,
    modes,
    exchanges: () => exchanges,
  });
  const { trade, trader, clock, lease } = world;
  trade.money = { ...trade.money, dayStart: TODAY, dayStartEquity: "10000", peakEquity: "10000" };
  const look = async (waitMs = 1_000): Promise<readonly string[]> => {
    await clock.advance(waitMs);
    await trader.guard();
    return trade.stops.map(({ cause, mode }) => `${cause} ${mode}`);
  };
  /** What the account is worth from now on. */
  const worth = (cash: string): void => {
    trade.money = { ...trade.money, cash };
  };
  const exchange = (now: Partial<ExchangeSituation>): void => {
    exchanges[0] = { ...GOOD, ...now };
  };
  return { ...world, look, worth, exchange, lease };
}

describe("the hub by itself", () => {
  test("halts nothing while all is well", async () => {
    const { look, events } = watched();

    expect(await look()).toEqual([]);
    expect(events.filter(({ kind }) => kind === "trading-halted")).toEqual([]);
  });

  test("halts at the daily loss, says so once, and goes on with the next day", async () => {
    const { look, worth, events, trade } = watched();
    worth("9501");
    expect(await look()).toEqual([]);
    worth("9500");

    expect(await look()).toEqual(["daily-loss reduce-only"]);
    worth("9900"); // made good, but it is still that day
    expect(await look()).toEqual(["daily-loss reduce-only"]);
    await look(DAY_MS);
    // Until the first mark of the day it is not known what the day began with.
    expect(trade.stops).toHaveLength(1);
    trade.money = { ...trade.money, dayStart: TODAY + DAY_MS, dayStartEquity: "9900" };

    expect(await look()).toEqual([]);
    expect(events.flatMap((e) => (e.kind.startsWith("trading-") ? [e] : []))).toMatchObject([
      { kind: "trading-halted", cause: "daily-loss", by: "hub", reason: /5\.00 %/ as never },
      { kind: "trading-resumed", cause: "daily-loss", by: "hub" },
    ]);
  });

  test("halts at the drawdown until somebody lifts it, and takes that as the last word", async () => {
    const { look, worth, trade } = watched({ dailyLoss: "off" });
    worth("8000");
    expect(await look()).toEqual(["drawdown reduce-only"]);
    worth("9999");
    expect(await look()).toEqual(["drawdown reduce-only"]);
    worth("8000");
    await look();

    await trade.resume(EVERYTHING, "ann", 0);

    expect(await look()).toEqual([]);
    expect(await look()).toEqual([]);
    worth("10000"); // over, and then again
    await look();
    worth("7000");
    expect(await look()).toEqual(["drawdown reduce-only"]);
  });

  test("halts an exchange whose clock is off or whose data are old, and that one alone", async () => {
    const { look, exchange, trade } = watched();
    exchange({ clockSkew: { value: -2_001, ageMs: 0 }, stale: "no candle since noon" });
    expect(await look()).toEqual(["stale-data reduce-only", "clock-skew reduce-only"]);
    const scope = { kind: "exchange", exchange: "binance" };
    expect(trade.stops).toMatchObject([{ scope }, { scope, reason: /-2001 ms/ as never }]);

    exchange({ stale: "no candle since noon" });
    expect(await look()).toEqual(["stale-data reduce-only"]);
    exchange({});
    expect(await look()).toEqual([]);
  });

  test("judges the account though something held has no quote, as over a weekend", async () => {
    const { look, worth, trade, closes } = watched();
    const far = position({ id: "far", exchange: "oanda", pair: "EUR/USD", quantity: "100" });
    trade.held.set("far", far);
    closes.set("EUR/USD", "1");
    worth("9401");

    expect(await look()).toEqual([]);
    worth("9400");
    expect(await look()).toEqual(["daily-loss reduce-only"]);
  });

  test("changes nothing where it does not know", async () => {
    const { look, exchange, worth, trade } = watched();
    exchange({ stale: "no candle since noon" });
    worth("1");
    expect(await look()).toHaveLength(3);

    exchange({ stale: undefined, clockSkew: undefined });
    trade.held.set("far", position({ id: "far", exchange: "oanda" })); // held, and without a price

    expect(await look()).toHaveLength(3);
  });

  test("knows after a restart what stands", async () => {
    const { look, worth, life, trade, clock, events } = watched({ drawdown: "off" });
    worth("9000");
    await look();

    await clock.advance(1_000);
    await life().guard();

    expect(trade.stops).toMatchObject([{ cause: "daily-loss" }]);
    expect(events.filter(({ kind }) => kind === "trading-halted")).toHaveLength(1);
  });

  test("goes as far as it was told, and no farther", async () => {
    const { look, worth } = watched({ dailyLoss: "flatten", drawdown: "off" });
    worth("5000");

    expect(await look()).toEqual(["daily-loss flatten"]);
  });

  test("leaves it to whoever trades while another hub does", async () => {
    const { look, worth, lease } = watched();
    worth("1");
    lease.fence = undefined;

    expect(await look()).toEqual([]);
  });
});
