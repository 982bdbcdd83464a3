import type { Fill } from "../../../src/market/order.ts";
import type { Story } from "../../../src/store/trace-port.ts";
import { NOW, position, request, signal } from "./builders.ts";

const FILLED = { state: "filled", filled: "5", averagePrice: "100" } as const;

/** The candle that closed at noon: one signal was refused, one bought, and its stop sold. */
export function story(): Story {
  const bought: Fill = {
    id: "f-1",
    clientOrderId: "o-1",
    exchange: "binance",
    pair: "BTC/USDT",
    side: "buy",
    quantity: "5",
    price: "100",
    fee: "0.5",
    feeCurrency: "USDT",
    liquidity: "taker",
    filledAt: NOW + 5_400,
  };
  const sold: Fill = { ...bought, id: "f-2", clientOrderId: "o-9", side: "sell" };
  const { signalId: _none, ...exit } = request(9);
  return {
    candle: {
      open: 1,
      high: 3,
      low: 0.5,
      close: 2,
      volume: 9,
      source: "retry",
      attempt: 2,
      revision: 1,
      fetchedAt: NOW + 5_000,
    },
    gap: {
      state: "healed",
      reason: "no candle yet",
      attempts: 1,
      noticedAt: NOW + 2_000,
      settledAt: NOW + 5_000,
    },
    signals: [
      decided(signal(1), 5_100, 5_200),
      decided(signal(2, ["spread", "depth"]), 5_100, 5_250),
    ],
    queue: [
      {
        id: 1,
        signalId: "s-1",
        order: request(1),
        attempts: 1,
        enqueuedAt: NOW + 5_200,
        status: "done",
      },
    ],
    orders: [
      {
        ...request(1),
        ...FILLED,
        createdAt: NOW + 5_300,
        sentAt: NOW + 5_310,
        endedAt: NOW + 5_400,
      },
      {
        ...exit,
        ...FILLED,
        origin: "stop-loss",
        side: "sell",
        createdAt: NOW + 60_000,
        sentAt: NOW + 60_005,
        endedAt: NOW + 60_100,
      },
    ],
    fills: [bought, { ...sold, filledAt: NOW + 60_100 }],
    positions: [
      position({ id: "o-1", quantity: "0", openedAt: NOW + 5_400, closedAt: NOW + 60_100 }),
    ],
  };
}

function decided(
  row: Story["signals"][number],
  raisedAfter: number,
  decidedAfter: number,
): Story["signals"][number] {
  const { signal: raised, verdict } = row;
  return {
    ...row,
    signal: { ...raised, raisedAt: NOW + raisedAfter },
    verdict: verdict === null ? null : { ...verdict, decidedAt: NOW + decidedAfter },
  };
}
