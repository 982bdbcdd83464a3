import { expect, test } from "vitest";
import type { Store } from "../../../src/store/port.ts";
import {
  accepted,
  decideNow,
  fill,
  filledStep,
  MONDAY,
  request,
  traderFence,
} from "../builders.ts";

export function orderPromises(opened: { readonly store: Store }): void {
  const risk = () => opened.store.trade.riskState(MONDAY);

  test("writes an order down once", async () => {
    const { trade } = opened.store;
    const fence = await traderFence(opened.store);
    await decideNow(opened.store, [accepted("c-1")]);

    const first = await trade.createOrder(request("c-1"), MONDAY, fence);
    const second = await trade.createOrder(request("c-1", { quantity: "9" }), MONDAY + 1, fence);

    const order = { ...request("c-1"), state: "created", createdAt: MONDAY };
    expect(first).toEqual({ order, created: true });
    expect(second).toEqual({ order, created: false });
    expect(await trade.order("o-c-1")).toEqual(order);
    expect(await trade.order("o-none")).toBeUndefined();
    expect((await risk()).working).toMatchObject([{ clientOrderId: "o-c-1" }]);
    await trade.settle({
      order: {
        ...request("c-1"),
        createdAt: MONDAY,
        state: "rejected",
        reason: "lot",
        endedAt: MONDAY,
      },
      fills: [],
      cashDelta: "0",
      release: true,
    });
    expect((await risk()).working).toEqual([]);
  });

  test("takes an order from its fill to a closed trade, and each step once", async () => {
    const { trade } = opened.store;
    const pair = "ADA/USDT";
    const buy = request("t-1", { pair });
    const sell = request("t-2", { pair, side: "sell" });
    await decideNow(opened.store, [
      accepted("t-1", { pair }),
      accepted("t-2", { pair, side: "sell" }),
    ]);
    const fence = await traderFence(opened.store);
    await trade.createOrder(buy, MONDAY, fence);
    await trade.createOrder(sell, MONDAY, fence);
    const cashBefore = Number((await trade.account()).cash);

    const opening = filledStep(buy, fill(buy, "f-1"), undefined, "-50.35");
    await trade.settle(opening);
    await trade.settle(opening);
    const held = await trade.position("binance", pair);
    const closing = filledStep(sell, fill(sell, "f-2", { price: "110" }), held, "54.95");
    await trade.settle(closing);
    await trade.settle(closing);

    expect(held).toEqual(opening.position);
    expect(await trade.position("binance", pair)).toBeUndefined();
    expect(await trade.positions({ open: false, limit: 1 })).toEqual([closing.position]);
    expect(await trade.fillIds(sell.clientOrderId)).toEqual(["f-2"]);
    const { account, lastClosedAt, working } = await risk();
    expect(Number(account.cash) - cashBefore).toBeCloseTo(4.6, 9);
    expect(lastClosedAt[`binance:${pair}`]).toBe(closing.position?.closedAt);
    expect(working).toEqual([]);
    const { trades, total } = await trade.trades({ limit: 5, offset: 0 });
    expect(total).toBe(1);
    expect(trades).toMatchObject([
      { exchange: "binance", pair, side: "buy", quantity: "0.5", status: "closed", pnl: "4.6" },
    ]);
    const end = closing.position?.closedAt ?? 0;
    expect(await trade.closedTrades(end, end + 1)).toEqual(trades);
    expect(await trade.closedTrades(0, end)).toEqual([]);
    expect(await trade.order(sell.clientOrderId)).toEqual(closing.order);
  });

  test("refuses a step that mixes known fills with new ones, or goes back", async () => {
    const { trade } = opened.store;
    const order = request("m-1", { pair: "XRP/USDT" });
    await decideNow(opened.store, [accepted("m-1", { pair: "XRP/USDT" })]);
    await trade.createOrder(order, MONDAY, await traderFence(opened.store));
    const half = filledStep(order, fill(order, "h-1", { quantity: "0.25" }), undefined, "-25.2");
    const open = {
      ...order,
      createdAt: MONDAY,
      state: "open",
      sentAt: MONDAY,
      filled: "0.25",
    } as const;
    await trade.settle({ ...half, order: open, release: false });

    const mixed = { ...half, fills: [...half.fills, fill(order, "h-2", { quantity: "0.25" })] };
    const unsent = { order: { ...order, createdAt: MONDAY, state: "created" } as const };
    const back = { ...unsent, fills: [], cashDelta: "0", release: false };
    const paid = { ...back, order: open, cashDelta: "5" };

    await expect(trade.settle(mixed)).rejects.toMatchObject({ reason: "mixed-fills" });
    await expect(trade.settle(back)).rejects.toMatchObject({ reason: "order-state" });
    await expect(trade.settle(paid)).rejects.toMatchObject({ reason: "cash-without-fills" });
    expect(await trade.order(order.clientOrderId)).toEqual(open);
    expect((await risk()).account.reserved).toBe("50.5");
    expect(await trade.orders({ working: true, limit: 9 })).toEqual([open]);
  });

  test("pages through what was made in one moment, and passes over nothing", async () => {
    const { trade } = opened.store;
    for (const name of ["p-1", "p-2", "p-3", "p-4", "p-5"]) {
      const pair = `${name.toUpperCase().replace("-", "")}/USDT`;
      const order = request(name, { pair });
      await decideNow(opened.store, [accepted(name, { pair })]);
      await trade.createOrder(order, MONDAY, await traderFence(opened.store));
      await trade.settle(filledStep(order, fill(order, `f-${name}`), undefined, "-50.35"));
    }
    const all = await Promise.all([
      trade.orders({ limit: 1_000 }),
      trade.positions({ open: false, limit: 1_000 }),
      trade.queue(1_000),
    ]);
    const from = <Place>(before: Place | undefined) => (before === undefined ? {} : { before });
    const paged = await Promise.all([
      pages((last: { clientOrderId: string } | undefined) =>
        trade.orders({ limit: 2, ...from(last?.clientOrderId) }),
      ),
      pages((last: { id: string } | undefined) =>
        trade.positions({ open: false, limit: 2, ...from(last?.id) }),
      ),
      pages((last: { id: number } | undefined) => trade.queue(2, last?.id)),
    ]);

    expect(Math.min(...all.map((list) => list.length))).toBeGreaterThanOrEqual(5);
    expect(paged).toEqual(all);
  });
}

/** A whole list, page by page, each from the row that the last one ended with. */
async function pages<Row>(
  page: (last: Row | undefined) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const more = await page(rows.at(-1));
    rows.push(...more);
    if (more.length < 2) return rows;
  }
}
