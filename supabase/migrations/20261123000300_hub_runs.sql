-- What a hub notes at the cadence of its snapshots: that it runs, how its strategies do, what prices
-- were. Runs are one row per start; their ids are chosen by the hub.

create table hub.runs (
  id uuid primary key,
  place text not null,
  version text not null,
  mode text not null check (mode in ('sandbox', 'paper', 'live')),
  road text not null check (road in ('embedded', 'postgres', 'supabase')),
  status text not null check (status in ('running', 'stopped', 'lost')),
  started_at timestamptz not null,
  kept_at timestamptz not null,
  ended_at timestamptz,
  seen_at timestamptz not null,
  lost_after interval not null,
  check ((status = 'running') = (ended_at is null))
);
create index on hub.runs (started_at);
comment on column hub.runs.place is 'Machine and data folder. A folder is locked by its hub: a new run there is the end of the one before.';
comment on column hub.runs.kept_at is 'Its last sign of life, on the hub''s clock as started_at and ended_at are.';
comment on column hub.runs.seen_at is 'The same on the clock of the database, by which hubs of several speeds can be told silent.';
comment on column hub.runs.lost_after is 'Silent for longer than this, it may be taken for lost; it is running again with its next sign of life.';

alter table public.fxshinobi_strategy_runs add column if not exists run_id uuid;
comment on column public.fxshinobi_strategy_runs.run_id is 'Run of the hub; null for rows of the original engine.';
create index if not exists fxshinobi_strategy_runs_run_id_idx on public.fxshinobi_strategy_runs (run_id);
create index if not exists fxshinobi_trades_closed_at_idx
  on public.fxshinobi_trades (closed_at, id) where status = 'CLOSED';

-- How each strategy did in the trades that closed since the run began. Drawdown is the deepest fall of
-- its realised result from the highest point before, as a fraction of the starting cash. Without a
-- trade there is no win rate.
create function hub.score_run(p_run uuid) returns void
language sql set search_path = pg_catalog, hub, pg_temp as $$
  with steps as (
    select t.strategy_id, t.realized_pnl, t.closed_at, t.id, sum(t.realized_pnl) over w as result
    from public.fxshinobi_trades t join hub.runs r on r.id = p_run
    where t.status = 'CLOSED' and t.realized_pnl is not null and t.closed_at >= r.started_at
    window w as (partition by t.strategy_id order by t.closed_at, t.id rows unbounded preceding)),
  falls as (
    select s.*, greatest(0, max(s.result) over w) - s.result as fall from steps s
    window w as (partition by s.strategy_id order by s.closed_at, s.id rows unbounded preceding)),
  scores as (
    select f.strategy_id, sum(f.realized_pnl) as pnl, count(*) as trades,
      count(*) filter (where f.realized_pnl > 0) as wins, max(f.fall) as deepest
    from falls f group by f.strategy_id)
  update public.fxshinobi_strategy_runs x set
    pnl = coalesce(k.pnl, 0), trades_count = coalesce(k.trades, 0),
    win_rate = round(k.wins::numeric / k.trades, 6),
    drawdown = (select round(least(1, coalesce(k.deepest, 0) / a.starting_cash), 6) from hub.account a),
    duration_seconds = extract(epoch from r.kept_at - r.started_at)::int
  from hub.runs r, public.fxshinobi_strategy_runs y left join scores k on k.strategy_id = y.strategy_id
  where r.id = p_run and y.run_id = p_run and x.id = y.id
$$;

-- Notes that a hub starts, and with which strategies ([{id, parameters}]). Runs that ended without a
-- word are lost: those of the same place, and those silent for longer than they said they would be.
create function public.hub_run_start(
  p_run uuid, p_at bigint, p_place text, p_version text, p_mode text, p_road text, p_lost_after_ms bigint,
  p_strategies jsonb)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  is_new boolean;
begin
  update hub.runs r set status = 'lost', ended_at = r.kept_at
    where r.status = 'running' and r.id <> p_run
      and (r.place = p_place or r.seen_at < clock_timestamp() - r.lost_after);
  insert into hub.runs (id, place, version, mode, road, status, started_at, kept_at, seen_at, lost_after)
    values (p_run, p_place, p_version, p_mode, p_road, 'running', hub.instant(p_at), hub.instant(p_at),
      clock_timestamp(), p_lost_after_ms * interval '1 ms')
    on conflict do nothing;
  is_new := found;
  insert into public.fxshinobi_strategy_runs (id, run_id, strategy_id, parameters, duration_seconds, created_at)
    select md5('run:' || p_run || ':' || s.id)::uuid, p_run, s.id, hub.redacted(s.parameters), 0, hub.instant(p_at)
    from jsonb_to_recordset(p_strategies) as s (id text, parameters jsonb)
    on conflict do nothing;
  perform hub.score_run(p_run);
  -- A copy in another cluster counts its transactions anew: readers would wait for numbers to come.
  if exists (select from hub.outbox o where o.xact >= pg_snapshot_xmax(pg_current_snapshot())) then
    update hub.outbox set xact = pg_current_xact_id();
  end if;
  return to_jsonb(is_new);
end $$;

-- A sign of life. One that was taken for lost is running again; one that has stopped stays so.
create function public.hub_run_keep(p_run uuid, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  is_running boolean;
begin
  perform set_config('synchronous_commit', 'off', true);
  update hub.runs r set status = 'running', ended_at = null,
      kept_at = greatest(r.kept_at, hub.instant(p_at)), seen_at = clock_timestamp()
    where r.id = p_run and r.status <> 'stopped';
  is_running := found;
  if is_running then perform hub.score_run(p_run); end if;
  return to_jsonb(is_running);
end $$;

create function public.hub_run_end(p_run uuid, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  has_ended boolean;
begin
  update hub.runs r set status = 'stopped', ended_at = greatest(r.kept_at, hub.instant(p_at)),
      kept_at = greatest(r.kept_at, hub.instant(p_at)), seen_at = clock_timestamp()
    where r.id = p_run and r.status <> 'stopped';
  has_ended := found;
  if has_ended then perform hub.score_run(p_run); end if;
  return to_jsonb(has_ended);
end $$;

-- What pairs cost, as far as the hub knew without asking anybody: of what is followed the candle that
-- closed last, of what is held the quote by which it is guarded.
create table hub.price_snapshots (
  exchange text not null,
  symbol text not null,
  at timestamptz not null,
  price numeric not null,
  bid numeric,
  ask numeric,
  volume numeric,
  primary key (exchange, symbol, at)
);
create index on hub.price_snapshots (at);
comment on column hub.price_snapshots.symbol is 'The pair, BASE/QUOTE.';
comment on column hub.price_snapshots.at is 'When it was the price: the close of its candle, or when the quote came. The same price is kept once.';
comment on column hub.price_snapshots.price is 'The candle''s close, or the middle of bid and ask.';
comment on column hub.price_snapshots.volume is 'Of the candle, in the base currency; null for a quote.';

-- Keeps the newest price of every pair. p_quotes: [{exchange, pair, bid, ask, at}]. Answers how many
-- were new: where no candle closed and no quote came, there is no news.
create function public.hub_prices_save(p_quotes jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  added int;
begin
  perform set_config('synchronous_commit', 'off', true);
  with followed as ( -- of candles that closed at once, the shorter one
    select distinct on (x.exchange, x.pair) x.*, x.newest + x.tf * interval '1 minute' as closed_at
    from hub.series x
    where x.newest is not null and exists (select from hub.active_watchlist w where w.series_id = x.id)
    order by x.exchange, x.pair, closed_at desc, x.tf),
  known as (
    select f.exchange, f.pair, f.closed_at as at, c.close::numeric as price,
      null::numeric as bid, null::numeric as ask, c.volume::numeric as volume
    from followed f cross join lateral (
      select k.close, k.volume from hub.candles k
      where k.tf = f.tf and k.series_id = f.id and k.open_time = f.newest limit 1) c
    union all
    select q.exchange, q.pair, hub.instant(q.at), trim_scale((q.bid + q.ask) / 2), q.bid, q.ask, null
    from jsonb_to_recordset(p_quotes) as q (exchange text, pair text, bid numeric, ask numeric, at bigint))
  insert into hub.price_snapshots (exchange, symbol, at, price, bid, ask, volume)
    select distinct on (k.exchange, k.pair) k.exchange, k.pair, k.at, k.price, k.bid, k.ask, k.volume
    from known k order by k.exchange, k.pair, k.at desc
  on conflict do nothing;
  get diagnostics added = row_count;
  return to_jsonb(added);
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
