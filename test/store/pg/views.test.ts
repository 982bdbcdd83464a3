import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MINUTE, MONDAY } from "../builders.ts";
import { RUN_ID, SECRET, type ViewWorld, viewWorld } from "./view-world.ts";

const STRANGERS = ["anon", "authenticated"];
const READERS = ["hub_reader", "service_role"];

let world: ViewWorld;

beforeAll(async () => {
  world = await viewWorld();
});
afterAll(() => world.close());

const btc = { exchange: "binance", pair: "BTC/USDT", symbol: "BTCUSDT" };
const utc = (minutes: number) =>
  new Date(MONDAY + minutes * MINUTE).toISOString().replace(".000Z", "+00:00");

/** What readers see, in the words and units of the page about it. */
const SEEN: Readonly<Record<string, readonly object[]>> = {
  active_watchlist: [
    { ...btc, portfolio: "main", timeframe: "15m", added_by: "ann", newest_open_time: utc(0) },
  ],
  candles: [
    { ...btc, timeframe: "15m", open_time: utc(0), open: 100, volume: 3.7, source: "poll" },
  ],
  fx_sessions: [
    {
      id: RUN_ID,
      user_id: "owner",
      started_at: utc(0),
      ended_at: null,
      status: "active",
      last_seen_at: utc(60),
    },
  ],
  fx_trades: [
    {
      session_id: RUN_ID,
      user_id: "owner",
      symbol: "BTCUSDT",
      side: "buy",
      quantity: 0.5,
      entry_price: 100.7,
      exit_price: 109.9,
      pnl: 4.6,
      status: "closed",
      strategy: "ema-cross",
      stop_loss: 99.25,
      take_profit: null,
      metadata: {
        exchange: "binance",
        pair: "BTC/USDT",
        source: "fxshinobi",
        portfolio: "default",
        position: "o-s-1",
      },
    },
    {
      session_id: null,
      symbol: "EURUSD",
      side: "sell",
      quantity: 1000,
      pnl: -2.5,
      status: "closed",
      strategy: "smc_default",
      metadata: { ticket: "77", source: "manual" },
    },
  ],
  gaps: [
    {
      ...btc,
      timeframe: "15m",
      open_time: utc(15),
      state: "pending",
      pending_retry: true,
      attempts: 2,
    },
  ],
  orders: [
    {
      ...btc,
      client_order_id: "o-s-1",
      side: "buy",
      state: "filled",
      quantity: 0.5,
      average_price: 100.6,
    },
    { ...btc, client_order_id: "o-s-2", side: "sell", state: "filled", reference_price: 100.5 },
  ],
  positions: [
    { ...btc, id: "o-s-1", status: "closed", quantity: 0, bought: 0.5, pnl: 4.6, stop_loss: 99.25 },
  ],
  price_snapshots: [
    { ...btc, price: 100.1, bid: null, ask: null, volume: 3.7, timestamp: utc(15) },
  ],
  signal_queue: [
    { ...btc, signal_id: "s-1", status: "pending", timeframe: "1m", side: "buy", quantity: 0.5 },
    { ...btc, signal_id: "s-2", status: "pending", side: "sell", attempts: 0 },
  ],
  signals: [
    { ...btc, id: "s-1", timeframe: "1m", side: "buy", strength: 0.7, price: 100.5 },
    { ...btc, id: "s-2", side: "sell" },
    { ...btc, id: "s-3", evidence: { fast: 1.5, slow: -0.25 } },
  ],
  strategy_runs: [
    {
      session_id: RUN_ID,
      strategy_name: "ema-cross",
      status: "running",
      started_at: utc(0),
      ended_at: null,
      trades_count: 1,
      total_pnl: 4.6,
      config: { fast_periods: 10, api_key: "<redacted>" },
      results: { win_rate: 1, drawdown: 0, duration_seconds: 3600 },
    },
    {
      session_id: null,
      strategy_name: "smc_default",
      status: "stopped",
      started_at: "2025-06-01T00:00:00+00:00",
      ended_at: "2025-06-01T00:01:00+00:00",
      total_pnl: 12.5,
      config: {},
    },
  ],
  user_finance_connections: [
    {
      user_id: "owner",
      service_id: "paper",
      service_name: "Paper",
      status: "connected",
      connected_at: utc(0),
      last_sync_at: utc(60),
      metadata: { currency: "USDT", mode: "sandbox" },
    },
  ],
  verdicts: [
    { signal_id: "s-1", decision: "accepted", quantity: 0.5, reserved_quote: 50.5, reasons: [] },
    { signal_id: "s-2", decision: "accepted", reserved_quote: 0 },
    { signal_id: "s-3", decision: "refused", quantity: null, reasons: ["spread"] },
  ],
};

describe.each(Object.keys(SEEN))("the view %s", (view) => {
  test.each(READERS)("shows %s what there is", async (role) => {
    const rows = await world.shown(role, view);

    expect(rows).toHaveLength(SEEN[view]?.length ?? 0);
    for (const row of SEEN[view] ?? []) expect(rows).toContainEqual(expect.objectContaining(row));
    expect(JSON.stringify(rows)).not.toContain(SECRET);
    expect(JSON.stringify(rows)).not.toContain("/home/ann");
  });

  test.each(STRANGERS)("shows %s nothing", async (role) => {
    expect(await world.shown(role, view)).toBe("42501");
  });

  test("lets nobody write", async () => {
    const open = await world.ask(`
      select r.rolname, p.privilege from pg_roles r, unnest(array['insert', 'update', 'delete', 'truncate',
        'references', 'trigger']) as p (privilege)
      where r.rolname in ('hub_reader', 'service_role', 'anon', 'authenticated')
        and has_table_privilege(r.rolname, 'public.${view}', p.privilege)`);
    const refusals = [
      await world.as("hub_reader", `insert into public.${view} default values`),
      await world.as("hub_reader", `delete from public.${view}`),
    ];

    expect(open).toEqual([]);
    // Not allowed, or not even possible.
    for (const refusal of refusals) expect(refusal).toMatch(/^(42501|55000)$/);
  });

  test("is explained column by column", async () => {
    const page = readFileSync("docs/database.md", "utf8");
    const columns = await world.ask(`select attname from pg_attribute
      where attrelid = 'public.${view}'::regclass and attnum > 0 and not attisdropped`);
    const section = page.split(/^### /m).find((part) => part.startsWith(`${view}\n`)) ?? "";

    expect(columns.length).toBeGreaterThan(5);
    for (const { attname } of columns) expect(section).toContain(`\`${String(attname)}\``);
  });
});

describe("a reader", () => {
  test("can reach the views and nothing else", async () => {
    const reachable = await world.ask(`select c.relname from pg_class c
      where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relnamespace not in
          ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and has_schema_privilege('hub_reader', c.relnamespace, 'usage')
        and has_any_column_privilege('hub_reader', c.oid, 'select, insert, update, references')`);

    expect(reachable.map(({ relname }) => String(relname)).toSorted()).toEqual(
      Object.keys(SEEN).toSorted(),
    );
  });

  test.each([
    "public.fxshinobi_trades",
    "public.fxshinobi_snapshots",
    "hub.account",
    "hub.audit",
    "hub.orders",
  ])("is refused %s", async (table) => {
    expect(await world.as("hub_reader", `select count(*) from ${table}`)).toBe("42501");
  });

  test("may call no function of the hub", async () => {
    const open = await world.ask(`select p.proname from pg_proc p
      where (p.pronamespace = 'hub'::regnamespace or p.proname like 'hub\\_%')
        and has_function_privilege('hub_reader', p.oid, 'execute')`);

    expect(open).toEqual([]);
  });

  test("may be named by a token at Supabase's door, and cannot log in by itself", async () => {
    const roles = await world.ask(`select rolcanlogin, rolbypassrls, rolsuper,
        pg_has_role('authenticator', 'hub_reader', 'member') as "isAtTheDoor"
      from pg_roles where rolname = 'hub_reader'`);

    expect(roles).toEqual([
      { rolcanlogin: false, rolbypassrls: false, rolsuper: false, isAtTheDoor: true },
    ]);
  });

  test("is told of a run that fell silent", async () => {
    await world.ask("update hub.runs set seen_at = seen_at - interval '6 minutes'");

    expect(await world.shown("hub_reader", "fx_sessions")).toMatchObject([{ status: "lost" }]);
    expect(await world.shown("hub_reader", "user_finance_connections")).toMatchObject([
      { status: "disconnected" },
    ]);
    expect(await world.shown("hub_reader", "strategy_runs")).toContainEqual(
      expect.objectContaining({ strategy_name: "ema-cross", status: "lost" }),
    );
  });
});

describe("a table of somebody else's", () => {
  test("keeps its name, its rows and its rights", async () => {
    await world.ask(`create table public.chatty_notes (text text);
      insert into public.chatty_notes values ('mine')`);

    await world.ask(`select hub.publish('chatty_notes', 'rights of the owner', 'select 1 as id')`);

    expect(await world.as("authenticated", "select text as row from public.chatty_notes")).toEqual([
      "mine",
    ]);
    expect(await world.shown("hub_reader", "chatty_notes")).toBe("42501");
  });
});
