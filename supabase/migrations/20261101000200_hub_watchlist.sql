-- Portfolios and the series they follow. The union of all portfolios is what the hub polls.

create table hub.portfolios (
  name text primary key check (length(name) between 1 and 100),
  created_at timestamptz not null
);

create table hub.active_watchlist (
  portfolio text not null references hub.portfolios (name),
  series_id int not null references hub.series (id),
  added_by text not null,
  added_at timestamptz not null,
  primary key (portfolio, series_id)
);
create index on hub.active_watchlist (series_id);

create table hub.watchlist_history (
  id bigint generated always as identity primary key,
  portfolio text not null,
  series_id int not null references hub.series (id),
  change text not null check (change in ('added', 'removed')),
  by text not null,
  at timestamptz not null
);

create function hub.known_series(x hub.series) returns jsonb
language sql immutable return jsonb_build_object(
  'id', x.id, 'exchange', x.exchange, 'pair', x.pair, 'tf', x.tf,
  'newestOpenTime', hub.ms(x.newest), 'evaluatedTo', hub.ms(x.evaluated_to));

-- The id of a series, made when it was never seen before.
create function hub.series_id(p_exchange text, p_pair text, p_tf smallint) returns int
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
declare
  found_id int;
begin
  select id into found_id from hub.series where exchange = p_exchange and pair = p_pair and tf = p_tf;
  if found_id is null then
    if p_exchange !~ '^[a-z][a-z0-9]{1,31}$' or p_pair !~ '^[A-Z0-9]{1,20}/[A-Z0-9]{1,20}$'
      or p_tf not in (1, 5, 15, 30, 60, 240, 1440, 10080) then
      raise exception '% % % is no series', p_exchange, p_pair, p_tf
        using errcode = 'PT400', hint = 'bad-series';
    end if;
    insert into hub.series (exchange, pair, tf) values (p_exchange, p_pair, p_tf)
      on conflict do nothing returning id into found_id;
  end if;
  if found_id is null then -- another caller made it meanwhile
    select id into found_id from hub.series where exchange = p_exchange and pair = p_pair and tf = p_tf;
  end if;
  return found_id;
end $$;

create function hub.follow(p_portfolio text, p_series int, p_by text, p_at timestamptz) returns boolean
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
declare
  is_new boolean;
begin
  insert into hub.active_watchlist (portfolio, series_id, added_by, added_at)
    values (p_portfolio, p_series, p_by, p_at) on conflict do nothing;
  is_new := found;
  if is_new then
    insert into hub.watchlist_history (portfolio, series_id, change, by, at)
      values (p_portfolio, p_series, 'added', p_by, p_at);
  end if;
  return is_new;
end $$;

create function public.hub_watch_active() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.known_series(x) order by x.id), '[]')
  from hub.series x where exists (select from hub.active_watchlist w where w.series_id = x.id)
$$;

create function public.hub_watch_add(
  p_portfolio text, p_exchange text, p_pair text, p_tf smallint, p_by text, p_at bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  series int := hub.series_id(p_exchange, p_pair, p_tf);
  is_new boolean;
begin
  insert into hub.portfolios (name, created_at) values (p_portfolio, hub.instant(p_at)) on conflict do nothing;
  is_new := hub.follow(p_portfolio, series, p_by, hub.instant(p_at));
  return (select jsonb_build_object('series', hub.known_series(x), 'added', is_new)
    from hub.series x where x.id = series);
end $$;

create function public.hub_watch_remove(p_exchange text, p_pair text, p_tf smallint, p_by text, p_at bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  with gone as (
    delete from hub.active_watchlist w using hub.series x
    where x.id = w.series_id and x.exchange = p_exchange and x.pair = p_pair and x.tf = p_tf
    returning w.portfolio, w.series_id)
  insert into hub.watchlist_history (portfolio, series_id, change, by, at)
    select g.portfolio, g.series_id, 'removed', p_by, hub.instant(p_at) from gone g;
  return to_jsonb(found);
end $$;

create function public.hub_portfolios() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'series', (
      select coalesce(jsonb_agg(hub.known_series(x) order by x.id), '[]')
      from hub.active_watchlist w join hub.series x on x.id = w.series_id
      where w.portfolio = p.name)) order by p.name), '[]')
  from hub.portfolios p
$$;

-- Creates a portfolio, or makes it follow exactly these series. p_series: [{exchange, pair, tf}].
create function public.hub_portfolio_save(p_name text, p_series jsonb, p_by text, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  wished int[];
  series int;
begin
  insert into hub.portfolios (name, created_at) values (p_name, hub.instant(p_at)) on conflict do nothing;
  perform 1 from hub.portfolios where name = p_name for update;
  select coalesce(array_agg(hub.series_id(w.exchange, w.pair, w.tf)), '{}') into wished
    from jsonb_to_recordset(p_series) as w (exchange text, pair text, tf smallint);
  with gone as (
    delete from hub.active_watchlist w where w.portfolio = p_name and w.series_id <> all (wished)
    returning w.series_id)
  insert into hub.watchlist_history (portfolio, series_id, change, by, at)
    select p_name, g.series_id, 'removed', p_by, hub.instant(p_at) from gone g;
  foreach series in array wished loop
    perform hub.follow(p_name, series, p_by, hub.instant(p_at));
  end loop;
  return 'true';
end $$;

-- Who followed or dropped what, newest first.
create function public.hub_watch_history(p_limit int, p_before bigint default null) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'portfolio', k.portfolio, 'exchange', k.exchange,
      'pair', k.pair, 'tf', k.tf, 'change', k.change, 'by', k.by, 'at', hub.ms(k.at)) order by k.id desc), '[]')
  from (select y.*, x.exchange, x.pair, x.tf from hub.watchlist_history y join hub.series x on x.id = y.series_id
    where p_before is null or y.id < p_before order by y.id desc limit p_limit) k
$$;

-- Moves the mark up to which analysts are done; never back. Losing one costs a repeated look.
create function public.hub_watch_evaluated(s int[], t bigint[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  with marks as (select u.s, hub.instant(max(u.t)) as at from unnest(s, t) as u (s, t) group by u.s),
  due as ( -- in the order of ids, and only what moves: no deadlock, no idle write
    select x.id, m.at from hub.series x join marks m on m.s = x.id
    where x.evaluated_to is null or x.evaluated_to < m.at order by x.id for update of x)
  update hub.series x set evaluated_to = greatest(x.evaluated_to, d.at) from due d where x.id = d.id;
  return 'true';
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
