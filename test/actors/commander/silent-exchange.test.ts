import { describe, expect, test } from "vitest";
import type { AnalystProtocol } from "../../../src/actors/analyst/protocol.ts";
import { commanderSpec } from "../../../src/actors/commander/commander.ts";
import { ROOT } from "../../../src/actors/commander/tree.ts";
import type { HarvesterProtocol } from "../../../src/actors/harvester/protocol.ts";
import type { MarketData } from "../../../src/exchanges/port.ts";
import { type Series, seriesKey } from "../../../src/market/series.ts";
import type { LocalSpec } from "../../../src/runtime/spec.ts";
import { createActorSystem } from "../../../src/runtime/system.ts";
import { BTC, ETH, EUR, setUp } from "./world.ts";

const never = new Promise<never>(() => undefined);

const analyst = (series: Series): LocalSpec<AnalystProtocol> => ({
  id: `analyst:${seriesKey(series)}`,
  topics: { wake: true, reload: true, arm: true },
  create: () => ({
    wake: () => undefined,
    reload: () => undefined,
    arm: () => ({ candles: 500, warm: true }),
  }),
});

/** The harvester of an exchange whose history comes at once, or never. */
const harvester = (exchange: string, isSilent: boolean): LocalSpec<HarvesterProtocol> => ({
  id: `harvester:${exchange}`,
  topics: { follow: true, forget: true, closed: true, revoked: true },
  concurrent: { follow: true },
  create: () => ({
    follow: () => (isSilent ? never : { kind: "ready", candles: 500 }),
    forget: () => undefined,
    closed: () => undefined,
    revoked: () => undefined,
  }),
});

/** A commander in its mailbox, as in a hub, with an exchange that never answers. */
async function world(silent: { readonly asked: boolean; readonly loading: boolean }) {
  const { deps, clock, market, order } = setUp();
  const system = await createActorSystem({
    clock,
    random: () => 0.5,
    root: ROOT,
    onEscalation: () => undefined,
  });
  const reach = async (exchange: string): Promise<MarketData> =>
    exchange === "oanda" && silent.asked ? never : market;
  const commander = await system.root.spawn(
    commanderSpec({
      ...deps,
      reach,
      analyst,
      harvester: (exchange) => harvester(exchange, exchange === "oanda" && silent.loading),
    }),
  );
  return { clock, commander, order, stop: () => system.stop("the test ends", 1_000) };
}

describe("a commander one of whose exchanges is silent", () => {
  test.each([
    ["does not say what it trades", { asked: true, loading: false }],
    ["never ends the history it began", { asked: false, loading: true }],
  ])("takes up and lets go series of the others, while it %s", async (_what, silent) => {
    const { commander, order, stop } = await world(silent);

    const waiting = commander.ask("watch", order(EUR)).catch(() => undefined);
    const added = await commander.ask("watch", order(BTC));
    const again = await commander.ask("watch", order(ETH));
    const removed = await commander.ask("unwatch", { ...ETH, by: "ann" });

    expect([added, again, removed]).toMatchObject([
      { kind: "added", series: BTC },
      { kind: "added", series: ETH },
      { kind: "removed", series: ETH },
    ]);
    await stop();
    await waiting;
  });

  test("arms a series once, though two people wish for it at the same time", async () => {
    const { commander, order, stop } = await world({ asked: false, loading: false });

    const answers = await Promise.all([
      commander.ask("watch", order(BTC)),
      commander.ask("watch", order(BTC)),
    ]);

    expect(answers.map(({ kind }) => kind).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "added",
      "already-watched",
    ]);
    await stop();
  });

  test("says so when a series was let go while its wish was under way", async () => {
    const { commander, order, clock, stop } = await world({ asked: false, loading: true });

    const waiting = commander.ask("watch", order(EUR), { timeoutMs: 600_000 });
    await clock.advance(0);
    const removed = await commander.ask("unwatch", { ...EUR, by: "ann" });
    await clock.advance(120_000);

    expect(removed).toEqual({ kind: "removed", series: EUR });
    expect(await waiting).toMatchObject({ kind: "arming", series: EUR });
    await stop();
  });
});
