import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunStart } from "../../../src/store/run-port.ts";
import { sql } from "../../kit/sql.ts";
import { withStore } from "../../kit/store.ts";
import { MINUTE, MONDAY } from "../builders.ts";

const opened = withStore();

const ask = (text: string, values?: readonly unknown[]) => sql(opened.server, text, values);

const run = (change: Partial<RunStart> = {}): RunStart => ({
  id: randomUUID(),
  at: MONDAY,
  place: `machine:/data/${randomUUID()}`,
  version: "1.2.3",
  mode: "sandbox",
  road: "embedded",
  lostAfterMs: 300_000,
  strategies: [],
  ...change,
});

const statusOf = async (id: string) => {
  const [row] = await ask(
    "select status, hub.ms(ended_at)::float8 as ended from hub.runs where id = $1",
    [id],
  );
  return [row?.["status"], row?.["ended"]];
};

/** Lets the last sign of life of a run lie further back on the database's clock. */
const silence = (id: string, minutes: number) =>
  ask(`update hub.runs set seen_at = seen_at - $2 * interval '1 minute' where id = $1`, [
    id,
    minutes,
  ]);

describe("a run of the hub", () => {
  test("lasts from its start to its end, as long as it keeps giving signs of life", async () => {
    const { runs } = opened.store;
    const one = run();

    await runs.start(one);
    const started = await statusOf(one.id);
    await runs.keep(one.id, MONDAY + MINUTE);
    await runs.end(one.id, MONDAY + 2 * MINUTE);
    await runs.keep(one.id, MONDAY + 3 * MINUTE);

    expect(started).toEqual(["running", null]);
    expect(await statusOf(one.id)).toEqual(["stopped", MONDAY + 2 * MINUTE]);
  });

  test("is lost once another begins in its place", async () => {
    const { runs } = opened.store;
    const one = run();
    await runs.start(one);
    await runs.keep(one.id, MONDAY + MINUTE);

    await runs.start(run({ place: one.place }));

    expect(await statusOf(one.id)).toEqual(["lost", MONDAY + MINUTE]);
  });

  test("is lost to hubs elsewhere only after it was silent for longer than it said", async () => {
    const { runs } = opened.store;
    const [quiet, silent] = [run(), run({ lostAfterMs: 600_000 })];
    for (const one of [quiet, silent]) await runs.start(one);
    await silence(quiet.id, 4.9);
    await silence(silent.id, 10.1);

    await runs.start(run());

    expect(await statusOf(quiet.id)).toEqual(["running", null]);
    expect(await statusOf(silent.id)).toEqual(["lost", MONDAY]);
  });

  test("that was taken for lost runs again with its next sign of life", async () => {
    const { runs } = opened.store;
    const one = run();
    await runs.start(one);
    await silence(one.id, 60);
    await runs.start(run());

    await runs.keep(one.id, MONDAY + 90 * MINUTE);

    expect(await statusOf(one.id)).toEqual(["running", null]);
  });
});

interface Trade {
  readonly pnl: number;
  readonly minute: number;
}

/** Trades as the original engine or the hub leave them. */
const close = async (strategy: string, trades: readonly Trade[]) => {
  for (const { pnl, minute } of trades) {
    await ask(
      `insert into public.fxshinobi_trades (symbol, side, size, entry_price, realized_pnl, status, strategy_id, closed_at)
        values ('BTC_USDT', 'BUY', 1, 100, $1, 'CLOSED', $2, to_timestamp($3 / 1000.0))`,
      [pnl, strategy, MONDAY + minute * MINUTE],
    );
  }
};

const figuresOf = async (id: string) => {
  const rows = await ask(
    `select strategy_id, pnl::float8, win_rate::float8, drawdown::float8, trades_count, duration_seconds
      from public.fxshinobi_strategy_runs where run_id = $1 order by 1`,
    [id],
  );
  return rows.map((row) => Object.values(row));
};

describe("a strategy in a run", () => {
  const strategies = (...ids: string[]) => ids.map((id) => ({ id, parameters: {} }));

  test("has the figures of the trades that closed since the run began", async () => {
    const { runs, trade } = opened.store;
    await trade.openAccount("paper", "USDT", "1000", MONDAY);
    const one = run({ strategies: strategies("calm", "wild") });
    await close("wild", [{ pnl: 500, minute: -1 }]);
    await runs.start(one);
    const before = await figuresOf(one.id);
    const results = [50, -30, -40, 0, 100, -10];
    await close(
      "wild",
      results.map((pnl, i) => ({ pnl, minute: i + 1 })),
    );
    await close("another", [{ pnl: 7, minute: 2 }]);

    await runs.keep(one.id, MONDAY + 10 * MINUTE);

    expect(before).toEqual([
      ["calm", 0, null, 0, 0, 0],
      ["wild", 0, null, 0, 0, 0],
    ]);
    // 50 up, 70 down from there: 0.07 of the cash it began with. Two of six earned something.
    expect(await figuresOf(one.id)).toEqual([
      ["calm", 0, null, 0, 0, 600],
      ["wild", 70, 0.333333, 0.07, 6, 600],
    ]);
  });

  test("moves in time though nothing happens, and takes no more room", async () => {
    const { runs } = opened.store;
    const one = run({ strategies: strategies("idle") });
    await runs.start(one);
    const rows = () => ask("select count(*)::int as n from public.fxshinobi_strategy_runs");
    const before = await rows();

    for (let minute = 1; minute <= 5; minute += 1)
      await runs.keep(one.id, MONDAY + minute * MINUTE);
    await runs.end(one.id, MONDAY + 6 * MINUTE);

    expect(await rows()).toEqual(before);
    expect(await figuresOf(one.id)).toEqual([["idle", 0, null, 0, 0, 360]]);
  });

  test("falls as deep as its result ever did from the highest point before", async () => {
    const { runs } = opened.store;
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -90, max: 90 }), { maxLength: 12 }),
        async (results) => {
          n += 1;
          const id = `random-${n}`;
          const one = run({ strategies: strategies(id) });
          await runs.start(one);
          await close(
            id,
            results.map((pnl, i) => ({ pnl, minute: i })),
          );

          await runs.end(one.id, MONDAY + MINUTE);

          let [sum, peak, deepest] = [0, 0, 0];
          for (const pnl of results) {
            sum += pnl;
            peak = Math.max(peak, sum);
            deepest = Math.max(deepest, peak - sum);
          }
          const wins = results.filter((pnl) => pnl > 0).length;
          const rate = results.length === 0 ? null : Number((wins / results.length).toFixed(6));
          const drawdown = Math.min(1, deepest / 1_000);
          expect(await figuresOf(one.id)).toEqual([[id, sum, rate, drawdown, results.length, 60]]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("keeps its settings without what looks like a credential", async () => {
    const parameters = {
      fast_periods: 10,
      key_level: 1.5,
      api_key: "s3cret",
      feed: { url: "https://user:s3cret@feed.example/v1", tokens: ["s3cret"], symbols: ["BTC"] },
      is_authentic: true,
    };
    const one = run({ strategies: [{ id: "feeder", parameters }] });

    await opened.store.runs.start(one);

    const stored = "select parameters from public.fxshinobi_strategy_runs where run_id = $1";
    expect(await ask(stored, [one.id])).toEqual([
      {
        parameters: {
          fast_periods: 10,
          key_level: 1.5,
          api_key: "<redacted>",
          feed: {
            url: "https://user:<redacted>@feed.example/v1",
            tokens: ["<redacted>"],
            symbols: ["BTC"],
          },
          is_authentic: true,
        },
      },
    ]);
  });
});
