import type { AnalystProtocol } from "../../../src/actors/analyst/protocol.ts";
import type { ArchitectProtocol } from "../../../src/actors/architect/protocol.ts";
import { Commander, type CommanderDeps } from "../../../src/actors/commander/commander.ts";
import type { CommanderProtocol } from "../../../src/actors/commander/protocol.ts";
import type { FollowAnswer, HarvesterProtocol } from "../../../src/actors/harvester/protocol.ts";
import type { HubEvent } from "../../../src/market/events.ts";
import type { Portfolio } from "../../../src/market/portfolio.ts";
import { type Series, seriesKey } from "../../../src/market/series.ts";
import type { Protocol, Ref } from "../../../src/runtime/protocol.ts";
import type { ChildSpec } from "../../../src/runtime/spec.ts";
import { instrument, NOON, series } from "../../kit/builders.ts";
import { FakeContext, failure } from "../../kit/fake-context.ts";
import { FakeLeases } from "../../kit/fake-leases.ts";
import { FakeMarket } from "../../kit/fake-market.ts";
import { FakeStore } from "../../kit/fake-store.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { type Recorder, recorder } from "../../kit/recorder.ts";

export const BTC = series();
export const ETH = series({ pair: "ETH/USDT" });
export const EUR = series({ exchange: "oanda", pair: "EUR/USD", timeframe: "15m" });

/** The architect's side of the watchlist, without its mailbox. */
function fakeArchitect({ watch }: FakeStore): Recorder<ArchitectProtocol> {
  return recorder<ArchitectProtocol>({
    firstUse: () => watch.firstUse(),
    watched: () => watch.active(),
    watchRevision: () => watch.revision(),
    takeUp: async ({ exchange }) =>
      (await watch.active()).filter((one) => one.exchange === exchange),
    addSeries: ({ portfolio, series: wanted, by }) => watch.add(portfolio, wanted, by, 0),
    removeSeries: ({ series: wanted, by }) => watch.remove(wanted, by, 0),
    savePortfolio: ({ portfolio, by }) => watch.savePortfolio(portfolio, by, 0),
  });
}

/** A commander among recorders: children are remembered by id, and fail to start when told to. */
export function setUp(first: readonly Series[] = [], over: Partial<CommanderDeps> = {}) {
  const clock = new ManualClock(NOON + 60_000);
  const db = new FakeStore();
  const architect = fakeArchitect(db);
  const events: HubEvent[] = [];
  const broken = new Set<string>();
  const refs = new Map<string, Ref<Protocol>>();
  const follows: FollowAnswer[] = [];
  const harvester = (exchange: string): Recorder<HarvesterProtocol> => {
    const known = refs.get(`harvester:${exchange}`);
    if (known === undefined) throw new Error(`no harvester of ${exchange}`);
    return known as Recorder<HarvesterProtocol>;
  };
  const refFor = (id: string): Ref<Protocol> => {
    if (broken.has(id)) throw failure("start-failed", `${id} did not start`);
    const ref: Ref<Protocol> = id.startsWith("harvester:")
      ? recorder<HarvesterProtocol>(
          { follow: () => follows.shift() ?? { kind: "ready", candles: 500 } },
          id,
        )
      : recorder<AnalystProtocol>({ arm: () => ({ candles: 500, warm: true }) }, id);
    refs.set(id, ref);
    return ref;
  };
  const market = new FakeMarket(clock);
  const pairs = ["BTC/USDT", "ETH/USDT", "EUR/USD", "DOGE/USDC"];
  market.listed = pairs.map((pair) => instrument({ pair }));
  const leases = new FakeLeases();
  const context = new FakeContext<CommanderProtocol>(clock, refFor);
  const portfolios: Portfolio[] = first.length > 0 ? [{ name: "default", series: first }] : [];
  const deps: CommanderDeps = {
    architect,
    exchanges: ["binance", "oanda"],
    reach: async () => market,
    leases,
    analyst: (s: Series) => ({ id: `analyst:${seriesKey(s)}` }) as ChildSpec<AnalystProtocol>,
    harvester: (exchange) => ({ id: `harvester:${exchange}` }) as ChildSpec<HarvesterProtocol>,
    historyCandles: () => 500,
    strategiesOf: () => "[]",
    firstPortfolios: portfolios,
    clock,
    machineClock: clock,
    closeDelayMs: 5_000,
    heldPairs: (exchange) => (exchange === "binance" ? ["ETH/USDT"] : []),
    publish: (event) => events.push(event),
    ...over,
  };
  const commander = new Commander(deps, context);
  context.self.answers.join = (joining) => commander.join(joining);
  const order = (s: Series) => ({ ...s, portfolio: "main", by: "ann" });
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await commander.watchlist()).map((s) => [seriesKey(s), s.state]));
  return {
    clock,
    db,
    architect,
    events,
    broken,
    refs,
    follows,
    harvester,
    market,
    leases,
    context,
    commander,
    deps,
    order,
    states,
  };
}

/** Starts it and has each harvester tell that it has started, as the real ones do. */
export async function started(first: readonly Series[], over: Partial<CommanderDeps> = {}) {
  const world = setUp(first, over);
  await world.commander.start();
  for (const exchange of new Set(first.map((s) => s.exchange))) {
    await world.commander.harvesterStarted({ exchange });
  }
  await world.clock.advance(0);
  return world;
}
