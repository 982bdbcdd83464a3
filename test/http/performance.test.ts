import { describe, expect, test } from "vitest";
import { PERIODS } from "../../src/market/performance/period.ts";
import { equityDay, NOW, trade } from "./kit/builders.ts";
import { send } from "./kit/client.ts";
import type { Shelves } from "./kit/fake-store.ts";
import { serveFilled } from "./kit/served.ts";
import { fill, open, setUp } from "./kit/world.ts";

const DAY = 86_400_000;

interface Figure {
  readonly definitionId: string;
  readonly value: number | null;
  readonly reason: string | null;
  readonly n: number;
}

describe("/api/v1/performance", () => {
  const served = serveFilled();
  const figures = async (query: string) => {
    const { json } = await served.ask("GET", `/api/v1/performance${query}`);
    const body = json as { readonly from: number; readonly figures: readonly Figure[] };
    return { ...body, byId: new Map(body.figures.map((one) => [one.definitionId, one])) };
  };

  test("tells every figure with its value, or why there is none, and from how much", async () => {
    const { byId } = await figures("?period=30d");

    expect(byId.get("hub.net_profit")).toMatchObject({ value: 25, reason: null, n: 3 });
    // 10,000 two days ago, 9,990 yesterday, 10,025 now.
    expect(byId.get("hub.total_return")?.value).toBeCloseTo(0.0025, 12);
    expect(byId.get("hub.total_return")?.n).toBe(3);
    expect(byId.get("hub.max_drawdown")?.value).toBeCloseTo(0.001, 12);
    expect(byId.get("hub.sharpe")).toMatchObject({ value: null, reason: "too_few_trades" });
    expect(byId.get("ft.win_rate_live")?.value).toBeCloseTo(2 / 3, 12);
  });

  test.each(PERIODS)("understands %s", async (period) => {
    const { from } = await figures(`?period=${period}`);

    expect(from).toBeLessThan(NOW);
  });

  test("all begins with what is known first; a period is thirty days unless told otherwise", async () => {
    expect((await figures("?period=all")).from).toBe(NOW - 2.5 * DAY);
    expect((await figures("")).from).toBe(NOW - 30 * DAY);
  });

  test.each(["?period=31d", "?period=", "?period=7d&period=30d", "?since=7d"])(
    "answers %s with 400, since an operator means something",
    async (query) => {
      expect((await served.ask("GET", `/api/v1/performance${query}`)).status).toBe(400);
    },
  );

  test("says the same as Chatty is told", async () => {
    const { byId } = await figures("?period=30d");
    const { json } = await served.ask("GET", "/api/performance?period=30d");

    expect(json).toMatchObject({
      totalPnl: byId.get("hub.net_profit")?.value,
      winRate: byId.get("hub.win_rate")?.value,
      avgWin: byId.get("hub.average_win")?.value,
      avgLoss: byId.get("hub.average_loss")?.value,
      maxDrawdown: byId.get("hub.max_drawdown")?.value,
    });
  });

  test("reads only what is new once it knows the past", async () => {
    const { shelves, view } = served.world;
    const yesterday = shelves.equity[1];
    shelves.equity = shelves.equity.map((one) =>
      one === shelves.equity[2] ? { ...one, close: "10100" } : one,
    );
    served.world.events.publish({ kind: "portfolio-saved", portfolio: "default" });
    await view.refresh();

    const days = view.picture().equityDays;
    expect(days.map(({ close }) => close)).toEqual(["10000", "9990", "10100"]);
    expect(days[1]).toEqual(yesterday);
  });
});

describe("Chatty's performance", () => {
  const served = serveFilled();
  const ask = async (query: string) =>
    (await served.ask("GET", `/api/performance${query}`)).json as Record<string, unknown>;

  test.each(["24h", "7d", "30d", "90d", "1y", "all", "nonsense", "1e9y", "-1d", "٣d"])(
    "answers %s",
    async (period) => {
      const answer = await ask(`?period=${encodeURIComponent(period)}`);
      expect(answer).toMatchObject({ periodEnd: new Date(NOW).toISOString() });
    },
  );

  /** What is told of other shelves than those of the other tests. */
  async function told(change: (shelves: Shelves) => void, query: string) {
    const world = setUp();
    fill(world.shelves);
    change(world.shelves);
    await world.view.refresh();
    const { server } = await open(world);
    const { json } = await send(server.url, `/api/performance${query}`);
    await server.stop(500);
    return json as Record<string, unknown>;
  }

  test("sends a Sharpe ratio once there are trades and days enough", async () => {
    const answer = await told((shelves) => {
      shelves.trades = Array.from({ length: 12 }, (_, i) => trade(1 + 24 * i, "2.5"));
      shelves.equity = Array.from({ length: 20 }, (_, i) =>
        equityDay(19 - i, String(10_000 + i * 10 - (i % 3) * 25)),
      );
    }, "?period=90d");

    expect(answer["sharpeRatio"]).toBeGreaterThan(0);
    expect(answer["maxDrawdown"]).toBeGreaterThan(0);
  });

  test("leaves both ratios out as long as nothing closed, whatever the worth did", async () => {
    const { sharpeRatio, maxDrawdown, ...answer } = await told((shelves) => {
      shelves.trades = [];
    }, "?period=24h");

    const zeros = { totalPnl: 0, winRate: 0, totalTrades: 0, avgWin: 0, avgLoss: 0 };
    expect(answer).toMatchObject(zeros);
    expect([sharpeRatio, maxDrawdown]).toEqual([undefined, undefined]);
  });
});
