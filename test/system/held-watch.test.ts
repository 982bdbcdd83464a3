import { describe, expect, test } from "vitest";
import type { HubEvent } from "../../src/market/events.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import { HeldWatch } from "../../src/system/held-watch.ts";
import { request } from "../actors/trader/world.ts";
import { instrument, NOON, position } from "../kit/builders.ts";
import { FakeMarket } from "../kit/fake-market.ts";
import { FakeTradeStore } from "../kit/fake-trade-store.ts";
import { ManualClock } from "../kit/manual-clock.ts";

function setUp() {
  const clock = new ManualClock(NOON);
  const db = new FakeTradeStore();
  const events: HubEvent[] = [];
  const failures: string[] = [];
  const opened = new Set<string>();
  const markets = new Map(
    ["binance", "kraken", "okx"].map((id) => [id, new FakeMarket(clock, id)]),
  );
  const broken = new Set<string>();
  const reach = async (exchange: string): Promise<FakeMarket | undefined> => {
    if (broken.has(exchange)) throw new Error("no such module");
    opened.add(exchange);
    return markets.get(exchange);
  };
  const watch = new HeldWatch({
    trade: db,
    exchanges: { reach },
    clock,
    machineClock: clock,
    publish: (event) => events.push(event),
    onFailure: (what) => failures.push(what),
  });
  const hold = (id: string, exchange: string, pair = "BTC/USDT"): void => {
    db.held.set(id, position({ id, exchange, pair }));
  };
  const told = (): string[] =>
    events.map((e) => ("pair" in e ? `${e.kind} ${e.exchange}:${e.pair}` : e.kind));
  const market = (exchange: string): FakeMarket => markets.get(exchange) as FakeMarket;
  return { clock, db, market, opened, broken, watch, hold, told, failures };
}

describe("the watch over what is held", () => {
  test("is not alarmed by a market that is closed, and takes back later what it told before", async () => {
    const { clock, watch, hold, market, told } = setUp();
    hold("p-1", "binance");
    hold("p-2", "kraken");
    const [rests, fails] = [market("binance"), market("kraken")];
    const closedAt = NOON + 60_000;
    for (const one of [rests, fails]) one.opens = (fromMs) => fromMs < closedAt;
    fails.quotes = async () => [];
    await watch.start();
    await clock.advance(59_999);
    expect(told()).toEqual(["quotes-lost kraken:BTC/USDT"]);

    rests.quotes = async () => [];
    await clock.advance(600_000);
    expect(told()).toHaveLength(1);
    for (const one of [rests, fails]) one.opens = () => true;
    fails.quotes = async (pairs) =>
      pairs.map((pair) => ({ pair, bid: "1", ask: "2", at: clock.nowMs() }));
    await clock.advance(20_000);
    expect(told().slice(1)).toEqual(["quotes-back kraken:BTC/USDT"]);
    await clock.advance(60_000);

    expect(told().slice(2)).toEqual(["quotes-lost binance:BTC/USDT"]);
    watch.stop();
  });

  test("opens at its start the exchange of every position and of every order that has not ended", async () => {
    const { db, watch, hold, opened } = setUp();
    hold("p-1", "kraken");
    db.enqueue(request({ exchange: "okx" }));

    await watch.start();

    expect([...opened].toSorted()).toEqual(["kraken", "okx"]);
    watch.stop();
  });

  test("tells once that a position had no quote for half a minute, and once that it has one again", async () => {
    const { clock, watch, hold, market, told } = setUp();
    hold("p-1", "binance");
    hold("p-2", "kraken");
    market("kraken").failing.add("quotes");
    await watch.start();

    await clock.advance(44_999);
    expect(told()).toEqual([]);
    await clock.advance(120_000);
    expect(told()).toEqual(["quotes-lost kraken:BTC/USDT"]);
    market("kraken").failing.clear();
    await clock.advance(60_000);

    expect(told()).toEqual(["quotes-lost kraken:BTC/USDT", "quotes-back kraken:BTC/USDT"]);
    watch.stop();
    expect(clock.pending).toBe(0);
  });

  test("tells of a pair that its exchange no longer lists, and of an exchange that is not there", async () => {
    const { clock, watch, hold, market, told } = setUp();
    market("binance").listed = [instrument({ pair: "BTC/USDT" })];
    hold("p-1", "binance", "BTC/USDT");
    hold("p-2", "binance", "GONE/USDT");
    hold("p-3", "nowhere");
    await watch.start();

    await clock.advance(45_000);

    expect(told()).toEqual(["quotes-lost binance:GONE/USDT", "quotes-lost nowhere:BTC/USDT"]);
    watch.stop();
  });

  test("says nothing of a silence that was short, or whose position has ended", async () => {
    const { clock, db, watch, hold, market, told } = setUp();
    hold("p-1", "binance");
    hold("p-2", "kraken");
    for (const exchange of ["binance", "kraken"]) market(exchange).failing.add("quotes");
    await watch.start();

    await clock.advance(30_000);
    market("binance").failing.clear();
    db.held.clear();
    await clock.advance(15_000);
    hold("p-1", "binance");
    await clock.advance(60_000);

    expect(told()).toEqual([]);
    watch.stop();
  });

  test("opens later what could not be opened, and looks again once the database is back", async () => {
    const { clock, db, watch, hold, opened, broken, told, failures } = setUp();
    hold("p-1", "binance");
    broken.add("binance");
    await watch.start();
    broken.clear();
    const riskState = db.riskState.bind(db);
    db.riskState = async () => {
      db.riskState = riskState;
      throw new StoreFailure("offline", "ECONNREFUSED", "the database is away");
    };

    await clock.advance(30_000);

    expect([[...opened], told()]).toEqual([["binance"], []]);
    expect(failures).toEqual(["opening binance", "what is held"]);
    watch.stop();
  });
});
