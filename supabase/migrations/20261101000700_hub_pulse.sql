-- The tables of the original engine, as it made them, and what the hub writes there.
-- On a database that has them already nothing is lost: additions are nullable columns only.

do $$
declare
  is_new boolean := to_regclass('public.fxshinobi_health') is null;
begin
  create table if not exists public.fxshinobi_health (
    id uuid primary key default gen_random_uuid(),
    instance_id text not null,
    status text not null default 'healthy',
    timestamp timestamptz not null default now(),
    created_at timestamptz not null default now()
  );
  create table if not exists public.fxshinobi_trades (
    id uuid primary key default gen_random_uuid(),
    symbol text not null,
    side text not null check (side in ('BUY', 'SELL')),
    size numeric not null,
    entry_price numeric,
    exit_price numeric,
    stop_loss numeric,
    take_profit numeric,
    realized_pnl numeric,
    status text not null default 'OPEN' check (status in ('OPEN', 'CLOSED', 'CANCELLED')),
    strategy_id text not null default 'smc_default',
    opened_at timestamptz,
    closed_at timestamptz,
    metadata jsonb default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz
  );
  create table if not exists public.fxshinobi_strategy_runs (
    id uuid primary key default gen_random_uuid(),
    strategy_id text not null default 'smc_default',
    parameters jsonb default '{}',
    symbol text,
    timeframe text,
    pnl numeric default 0,
    win_rate numeric,
    drawdown numeric,
    trades_count integer default 0,
    duration_seconds integer,
    created_at timestamptz not null default now()
  );
  create table if not exists public.fxshinobi_snapshots (
    snapshot_id text primary key default 'default',
    account_balance numeric,
    open_pnl numeric default 0,
    open_positions jsonb default '[]',
    risk_metrics jsonb default '{}',
    system_status text default 'UNKNOWN',
    state_machine_state text,
    kill_switch_active boolean default false,
    last_signal jsonb,
    trades_today integer default 0,
    pnl_today numeric default 0,
    updated_at timestamptz not null default now(),
    created_at timestamptz not null default now()
  );
  alter table public.fxshinobi_snapshots add column if not exists extra jsonb;
  comment on column public.fxshinobi_snapshots.extra is 'What the hub adds to the picture and no column holds.';
  comment on column public.fxshinobi_strategy_runs.win_rate is 'Fraction, 0 to 1.';
  comment on column public.fxshinobi_strategy_runs.drawdown is 'Fraction, 0 to 1.';
  if is_new then
    insert into public.fxshinobi_health (instance_id, status) values ('migration', 'initialized');
  end if;
  insert into public.fxshinobi_snapshots (snapshot_id, system_status) values ('default', 'INIT')
    on conflict do nothing;
end $$;

create index if not exists fxshinobi_health_timestamp_idx on public.fxshinobi_health (timestamp desc);
create index if not exists fxshinobi_trades_created_at_idx on public.fxshinobi_trades (created_at desc);
create index if not exists fxshinobi_trades_symbol_idx on public.fxshinobi_trades (symbol);
create index if not exists fxshinobi_trades_status_idx on public.fxshinobi_trades (status);
create index if not exists fxshinobi_strategy_runs_strategy_id_idx on public.fxshinobi_strategy_runs (strategy_id);
create index if not exists fxshinobi_strategy_runs_created_at_idx on public.fxshinobi_strategy_runs (created_at desc);

-- Without this the public key could read and write them; a service role passes row level security.
alter table public.fxshinobi_health enable row level security;
alter table public.fxshinobi_trades enable row level security;
alter table public.fxshinobi_strategy_runs enable row level security;
alter table public.fxshinobi_snapshots enable row level security;

-- Overwrites the picture. Keys that name a column go there, all others into extra.
create function public.hub_snapshot_save(p_snapshot jsonb, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  kept public.fxshinobi_snapshots;
  own constant text[] := array['snapshot_id', 'created_at', 'updated_at', 'extra'];
begin
  insert into public.fxshinobi_snapshots (snapshot_id) values ('default') on conflict do nothing;
  select * into kept from public.fxshinobi_snapshots where snapshot_id = 'default' for update;
  kept := jsonb_populate_record(kept, p_snapshot - own);
  update public.fxshinobi_snapshots s set
    account_balance = kept.account_balance, open_pnl = kept.open_pnl, open_positions = kept.open_positions,
    risk_metrics = kept.risk_metrics,
    -- INIT says that nobody saved a picture yet
    system_status = coalesce(nullif(kept.system_status, 'INIT'), 'UNKNOWN'),
    state_machine_state = kept.state_machine_state, kill_switch_active = kept.kill_switch_active,
    last_signal = kept.last_signal, trades_today = kept.trades_today, pnl_today = kept.pnl_today,
    updated_at = to_timestamp(p_at / 1000.0),
    extra = (select jsonb_object_agg(e.key, e.value) from jsonb_each(p_snapshot - own) e
      where not to_jsonb(kept) ? e.key)
  where s.snapshot_id = 'default';
  return 'true';
end $$;

-- The picture that was saved last; null as long as nobody saved one.
create function public.hub_snapshot() returns jsonb
language sql stable security definer set search_path = pg_catalog, public, hub, pg_temp as $$
  select coalesce(s.extra, '{}') || to_jsonb(s) - 'extra' || jsonb_build_object(
    'account_balance', hub.money(s.account_balance), 'open_pnl', hub.money(s.open_pnl),
    'pnl_today', hub.money(s.pnl_today), 'updated_at', hub.ms(s.updated_at), 'created_at', hub.ms(s.created_at))
  from public.fxshinobi_snapshots s where s.snapshot_id = 'default' and s.system_status is distinct from 'INIT'
$$;

-- One row an instance: the original engine added one a ping, without end.
create function public.hub_ping(p_instance text, p_status text, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update public.fxshinobi_health h set status = p_status, timestamp = to_timestamp(p_at / 1000.0)
    where h.id = (select x.id from public.fxshinobi_health x where x.instance_id = p_instance
      order by x.timestamp desc limit 1);
  if not found then
    insert into public.fxshinobi_health (instance_id, status, timestamp)
      values (p_instance, p_status, to_timestamp(p_at / 1000.0));
  end if;
  return 'true';
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
