/** The tables as the original engine's own migration made them, with its seed rows. */
export const ORIGINAL_TABLES = `
  create table public.fxshinobi_health (
    id uuid primary key default gen_random_uuid(), instance_id text not null,
    status text not null default 'healthy', timestamp timestamptz not null default now(),
    created_at timestamptz not null default now());
  create table public.fxshinobi_trades (
    id uuid primary key default gen_random_uuid(), symbol text not null,
    side text not null check (side in ('BUY', 'SELL')), size numeric not null, entry_price numeric,
    exit_price numeric, stop_loss numeric, take_profit numeric, realized_pnl numeric,
    status text not null default 'OPEN' check (status in ('OPEN', 'CLOSED', 'CANCELLED')),
    strategy_id text not null default 'smc_default', opened_at timestamptz, closed_at timestamptz,
    metadata jsonb default '{}', created_at timestamptz not null default now(),
    updated_at timestamptz);
  create table public.fxshinobi_strategy_runs (
    id uuid primary key default gen_random_uuid(), strategy_id text not null default 'smc_default',
    parameters jsonb default '{}', symbol text, timeframe text, pnl numeric default 0,
    win_rate numeric, drawdown numeric, trades_count integer default 0, duration_seconds integer,
    created_at timestamptz not null default now());
  create table public.fxshinobi_snapshots (
    snapshot_id text primary key default 'default', account_balance numeric,
    open_pnl numeric default 0, open_positions jsonb default '[]', risk_metrics jsonb default '{}',
    system_status text default 'UNKNOWN', state_machine_state text,
    kill_switch_active boolean default false, last_signal jsonb, trades_today integer default 0,
    pnl_today numeric default 0, updated_at timestamptz not null default now(),
    created_at timestamptz not null default now());
  insert into public.fxshinobi_health (instance_id, status) values ('migration', 'initialized');
  insert into public.fxshinobi_snapshots (snapshot_id, system_status) values ('default', 'INIT');`;

/** Rows of every kind that it may have left: words, figures, and nulls wherever they are allowed. */
export const ORIGINAL_ROWS = `
  insert into public.fxshinobi_health (instance_id) values ('engine-1'), ('engine-1');
  insert into public.fxshinobi_trades (symbol, side, size, entry_price, exit_price, realized_pnl,
      status, opened_at, closed_at, metadata, created_at)
    values
    ('EUR_USD', 'BUY', 1000, 1.10000, 1.10250, 2.50, 'CLOSED', '2025-03-01', '2025-03-02', '{"ticket": 7}', '2025-03-01'),
    ('GBP_USD', 'SELL', 0.1, 1.25, null, null, 'OPEN', '2025-03-03', null, '{}', '2025-03-03'),
    ('USD_JPY', 'SELL', 5, null, null, null, 'OPEN', null, null, null, '2025-03-04'),
    ('AUD_USD', 'BUY', 5, 0.6, null, null, 'CANCELLED', '2025-03-05', '2025-03-05', null, '2025-03-05'),
    ('USD_CHF', 'BUY', 3, 0.9, null, null, 'OPEN', null, null, null, '2025-03-06');
  insert into public.fxshinobi_strategy_runs (parameters, pnl, trades_count) values (null, null, null);
  update public.fxshinobi_snapshots set account_balance = 10250.125, system_status = 'RUNNING';`;
