-- The tables that people know by name, as views of schema public: to read, and nothing else. The
-- names are those that Chatty proposed and the owner's plan uses; docs/database.md lists every column.
--
-- Who may read: the service role, and hub_reader, a role of its own. Not anon, whose key is public.
-- Not authenticated either: a Supabase project lets anybody sign up unless told otherwise, and then
-- "every user" is everybody. A token that names hub_reader is made by whoever holds the project's
-- signing secret, on purpose, for one reader.
--
-- Two kinds of view, by what their reader would otherwise be able to read beside them:
-- over schema hub, which its readers may not enter, a view has the rights of its reader (security
-- invoker), who gets the very columns it shows, under policies for reading;
-- over tables of schema public, which the REST face serves to whoever has rights on them, and over the
-- account, a view has its owner's rights, and its reader none on what lies behind it.

comment on schema hub is
  'Tables of the trading hub. Nobody writes them but the functions public.hub_*; those read them, and the views of public.';

do $$
begin
  if not exists (select from pg_roles where rolname = 'hub_reader') then
    create role hub_reader nologin;
  end if;
exception
  when duplicate_object or unique_violation then null; -- another database's starter was first
  when insufficient_privilege then
    raise notice 'role hub_reader is not there and may not be made: only the service role reads the views';
end $$;

-- The door of Supabase's REST face: it takes on the role that a token names.
do $$
begin
  if exists (select from pg_roles where rolname = 'authenticator')
    and exists (select from pg_roles where rolname = 'hub_reader') then
    grant hub_reader to authenticator;
  end if;
exception
  when insufficient_privilege then
    raise notice 'hub_reader may not be granted to authenticator: no token can name it yet';
end $$;

create function hub.readers() returns setof text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select rolname::text from pg_roles where rolname in ('hub_reader', 'service_role')
$$;

-- Lets readers read the columns that a view shows, and no others, of the tables behind it.
create function hub.open_columns(p_view regclass) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  source record;
  reader text;
begin
  for source in
    select d.refobjid::regclass as t, string_agg(distinct quote_ident(a.attname), ', ') as columns
    from pg_rewrite r
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
        and d.refclassid = 'pg_class'::regclass and d.refobjid <> p_view and d.refobjsubid > 0
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where r.ev_class = p_view group by d.refobjid
  loop
    if not exists (select from pg_policy p where p.polrelid = source.t and p.polname = 'readers') then
      execute format('create policy readers on %s for select to %s using (true)', source.t,
        (select string_agg(quote_ident(x), ', ') from hub.readers() x));
    end if;
    for reader in select hub.readers() loop
      execute format('grant select (%s) on %s to %I', source.columns, source.t, reader);
    end loop;
  end loop;
end $$;

-- Makes a view in public. Where something of that name is already, made by somebody else, it stays.
-- Readers may call no function of the hub: what hub.timeframe says is written out in its place.
create function hub.publish(p_name text, p_rights text, p_query text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  query text := regexp_replace(p_query, 'hub\.timeframe\((\w+\.tf)\)', '(' || hub.timeframe_sql('\1') || ')', 'g');
  role_name text;
begin
  if exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = p_name)
    or exists (select from pg_type t where t.typnamespace = 'public'::regnamespace and t.typname = p_name) then
    raise notice 'public.% is there already and stays as it is', p_name;
    return;
  end if;
  execute format('create view public.%I with (security_invoker = %s) as %s',
    p_name, p_rights = 'rights of the reader', query);
  execute format('revoke all on public.%I from public', p_name);
  for role_name in select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role') loop
    execute format('revoke all on public.%I from %I', p_name, role_name); -- a project may grant by default
  end loop;
  for role_name in select hub.readers() loop
    execute format('grant select on public.%I to %I', p_name, role_name);
  end loop;
  if p_rights = 'rights of the reader' and exists (select hub.readers()) then
    perform hub.open_columns(format('public.%I', p_name)::regclass);
  end if;
end $$;

-- Trades as people see them: one without an entry price is not a trade yet, a cancelled one never
-- was. Of what else is noted about a trade only what is known to be harmless.
select hub.publish('fx_trades', 'rights of the owner', $view$
  select t.id,
    (select r.id from hub.runs r where r.started_at <= coalesce(t.opened_at, t.created_at)
      order by r.started_at desc limit 1) as session_id,
    'owner'::text as user_id, translate(t.symbol, '_/', '') as symbol, lower(t.side) as side,
    t.size as quantity, t.entry_price, t.exit_price, t.realized_pnl as pnl, lower(t.status) as status,
    coalesce(t.opened_at, t.created_at) as opened_at, t.closed_at, t.strategy_id as strategy,
    jsonb_strip_nulls(jsonb_build_object('exchange', t.metadata ->> 'exchange', 'pair', t.metadata ->> 'pair',
      'portfolio', t.metadata ->> 'portfolio', 'position', t.metadata ->> 'position',
      'source', t.metadata ->> 'source', 'ticket', t.metadata ->> 'ticket')) as metadata,
    t.stop_loss, t.take_profit
  from public.fxshinobi_trades t
  where t.entry_price is not null and t.status <> 'CANCELLED' $view$);

-- A session is a run of the hub. One that fell silent is lost, also before the next start notes it.
select hub.publish('fx_sessions', 'rights of the reader', $view$
  select r.id, 'owner'::text as user_id, r.started_at, r.ended_at,
    case when r.status <> 'running' then r.status
      when r.seen_at < now() - r.lost_after then 'lost' else 'active' end as status,
    null::text as strategy, format('%s mode, %s store, version %s', r.mode, r.road, r.version) as notes,
    r.mode, r.road, r.version, r.kept_at as last_seen_at
  from hub.runs r $view$);

-- Settings of the original engine's rows are not shown: nobody looked through them for credentials.
select hub.publish('strategy_runs', 'rights of the owner', $view$
  select x.id, 'owner'::text as user_id, x.strategy_id as strategy_name,
    x.created_at as started_at,
    case when x.run_id is null then x.created_at + coalesce(x.duration_seconds, 0) * interval '1 second'
      else r.ended_at end as ended_at,
    case when r.status = 'running' and r.seen_at < now() - r.lost_after then 'lost'
      else coalesce(r.status, 'stopped') end as status, x.trades_count, x.pnl as total_pnl,
    case when x.run_id is null then '{}' else x.parameters end as config,
    jsonb_build_object('win_rate', x.win_rate, 'drawdown', x.drawdown,
      'duration_seconds', x.duration_seconds) as results,
    x.run_id as session_id
  from public.fxshinobi_strategy_runs x left join hub.runs r on r.id = x.run_id $view$);

select hub.publish('price_snapshots', 'rights of the reader', $view$
  select md5(p.exchange || ':' || p.symbol || ':' || extract(epoch from p.at))::uuid as id,
    replace(p.symbol, '/', '') as symbol, p.price, p.bid, p.ask, p.volume, p.at as "timestamp",
    p.exchange, p.symbol as pair
  from hub.price_snapshots p $view$);

-- The broker that the hub trades through. Connected means that a hub runs; credentials are not here,
-- nor anywhere else in this database.
select hub.publish('user_finance_connections', 'rights of the owner', $view$
  select md5('connection:owner:' || a.broker)::uuid as id, 'owner'::text as user_id, a.broker as service_id,
    initcap(a.broker) as service_name,
    case when r.status = 'running' and r.seen_at >= now() - r.lost_after then 'connected'
      when r.id is null then 'pending' else 'disconnected' end as status,
    r.started_at as connected_at, r.kept_at as last_sync_at,
    jsonb_strip_nulls(jsonb_build_object('currency', a.currency, 'mode', r.mode)) as metadata
  from hub.account a left join lateral (
    select x.id, x.status, x.mode, x.started_at, x.kept_at, x.seen_at, x.lost_after
    from hub.runs x order by x.status = 'running' desc, x.seen_at desc limit 1) r on true $view$);

select hub.publish('active_watchlist', 'rights of the reader', $view$
  select w.portfolio, x.exchange, x.pair, replace(x.pair, '/', '') as symbol, hub.timeframe(x.tf) as timeframe,
    w.added_by, w.added_at, x.newest as newest_open_time
  from hub.active_watchlist w join hub.series x on x.id = w.series_id $view$);

select hub.publish('signal_queue', 'rights of the reader', $view$
  select q.id, q.signal_id, q.client_order_id, q.status, s.exchange, s.pair, replace(s.pair, '/', '') as symbol,
    hub.timeframe(s.tf) as timeframe, s.strategy, s.side, v.quantity, s.price, s.stop_loss, s.take_profit, v.portfolio,
    q.attempts, q.enqueued_at
  from hub.signal_queue q join hub.signals s on s.id = q.signal_id join hub.verdicts v on v.signal_id = q.signal_id
    $view$);

select hub.publish('candles', 'rights of the reader', $view$
  select x.exchange, x.pair, replace(x.pair, '/', '') as symbol, hub.timeframe(x.tf) as timeframe, c.open_time,
    c.open, c.high, c.low, c.close, c.volume, c.source::text as source, c.revision, c.fetched_at
  from hub.series x join hub.candles c on c.tf = x.tf and c.series_id = x.id $view$);

select hub.publish('gaps', 'rights of the reader', $view$
  select g.id, x.exchange, x.pair, replace(x.pair, '/', '') as symbol, hub.timeframe(x.tf) as timeframe, g.open_time,
    g.state, g.state = 'pending' as pending_retry, g.reason, g.attempts, g.noticed_at, g.settled_at
  from hub.gaps g join hub.series x on x.id = g.series_id $view$);

select hub.publish('signals', 'rights of the reader', $view$
  select s.id, s.exchange, s.pair, replace(s.pair, '/', '') as symbol, hub.timeframe(s.tf) as timeframe, s.open_time,
    s.close_time, s.strategy, s.strategy_version, s.side, s.strength, s.price, s.stop_loss, s.take_profit,
    s.evidence, s.raised_at
  from hub.signals s $view$);

select hub.publish('verdicts', 'rights of the reader', $view$
  select v.signal_id, v.portfolio, v.decision, v.quantity, v.reserved_quote, v.reasons, v.checks, v.decided_at
  from hub.verdicts v $view$);

select hub.publish('orders', 'rights of the reader', $view$
  select o.client_order_id, o.origin, o.signal_id, o.portfolio, o.exchange, o.pair,
    replace(o.pair, '/', '') as symbol, o.side, o.quantity, o.reference_price, o.strategy, o.stop_loss,
    o.take_profit, o.state, o.filled, o.average_price, o.reason, o.created_at, o.sent_at, o.ended_at
  from hub.orders o $view$);

select hub.publish('positions', 'rights of the reader', $view$
  select p.id, p.exchange, p.pair, replace(p.pair, '/', '') as symbol, p.portfolio, p.strategy, p.quantity,
    p.bought, p.cost, p.sold, p.proceeds,
    case when p.closed_at is null then 'open' else 'closed' end as status,
    case when p.closed_at is not null then p.proceeds - p.cost end as pnl,
    p.stop_loss, p.take_profit, p.opened_at, p.closed_at
  from hub.positions p $view$);

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
