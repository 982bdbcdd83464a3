import { expect, test } from "vitest";
import type { HaltScope } from "../../../src/market/halt.ts";
import type { Store } from "../../../src/store/port.ts";
import { EVERYTHING, haltOrder } from "../../kit/halts.ts";
import { MONDAY } from "../builders.ts";

const BTC: HaltScope = { kind: "pair", exchange: "binance", pair: "BTC/USDT" };
const SCOPES: readonly HaltScope[] = [
  EVERYTHING,
  { kind: "exchange", exchange: "binance" },
  BTC,
  { kind: "pair", exchange: "kraken", pair: "BTC/USDT" },
  { kind: "strategy", strategy: "ema-cross" },
  { kind: "portfolio", portfolio: "main" },
];

export function haltPromises(opened: { readonly store: Store }): void {
  const risk = () => opened.store.trade.riskState(MONDAY);
  const revision = async () => (await risk()).revision;

  test("halts once, says why, and resumes", async () => {
    const { trade } = opened.store;

    const first = await trade.halt(haltOrder(), MONDAY);
    const again = await trade.halt(haltOrder({ by: "bob", reason: "late" }), MONDAY + 1);

    expect([first, again]).toEqual([
      { before: false, changed: true },
      { before: true, changed: false },
    ]);
    expect(await trade.halts()).toEqual([{ ...haltOrder(), at: MONDAY }]);
    expect((await risk()).halts).toEqual([{ ...haltOrder(), at: MONDAY }]);
    expect(await trade.resume(EVERYTHING, "ann", MONDAY + 2)).toBe(1);
    expect(await trade.resume(EVERYTHING, "ann", MONDAY + 3)).toBe(0);
    expect(await trade.halts()).toEqual([]);
  });

  test("holds every part back by itself, and lets that part alone go on", async () => {
    const { trade } = opened.store;
    for (const scope of SCOPES) await trade.halt(haltOrder({ scope }), MONDAY);
    const standing = async () => (await trade.halts()).map(({ scope }) => scope);
    expect(await standing()).toEqual(SCOPES);

    await trade.resume(BTC, "ann", MONDAY + 1);

    expect(await standing()).toEqual(SCOPES.filter((scope) => scope !== BTC));
    for (const scope of SCOPES) await trade.resume(scope, "ann", MONDAY + 2);
    expect(await standing()).toEqual([]);
  });

  test("keeps halts of different causes apart, and ends one or all of them", async () => {
    const { trade } = opened.store;
    const causes = async () => (await trade.halts()).map(({ cause }) => cause);
    await trade.halt(haltOrder(), MONDAY);
    await trade.halt(haltOrder({ cause: "drawdown", by: "hub" }), MONDAY);
    await trade.halt(haltOrder({ cause: "daily-loss", by: "hub" }), MONDAY);

    expect(await trade.resume(EVERYTHING, "hub", MONDAY + 1, "daily-loss")).toBe(1);
    expect(await causes()).toEqual(["operator", "drawdown"]);
    expect(await trade.resume(EVERYTHING, "ann", MONDAY + 2)).toBe(2);
    expect(await causes()).toEqual([]);
  });

  test("goes over to another mode, with the reason for that", async () => {
    const { trade } = opened.store;
    await trade.halt(haltOrder({ scope: BTC }), MONDAY);
    const before = await revision();

    const worse = haltOrder({ scope: BTC, mode: "flatten", by: "bob", reason: "worse" });
    const answer = await trade.halt(worse, MONDAY + 1);

    expect(answer).toEqual({ before: true, changed: true });
    expect(await trade.halts()).toEqual([{ ...worse, at: MONDAY + 1 }]);
    expect(await revision()).toBeGreaterThan(before);
    await trade.resume(BTC, "ann", MONDAY + 2);
  });

  test("refuses a halt of nothing that has a name", async () => {
    const { trade } = opened.store;
    const nameless = { kind: "exchange" } as unknown as HaltScope;

    await expect(trade.halt(haltOrder({ scope: nameless }), MONDAY)).rejects.toThrow(/halts_scope/);
    expect(await trade.halts()).toEqual([]);
  });
}
