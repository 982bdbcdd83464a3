-- What the roads to a database need of it: a name of its own, and answers of bearable size.

-- A hub with a direct connection beside the REST face asks both ways: they must lead to one place.
insert into hub.facts (name) values ('identity ' || gen_random_uuid());

create function public.hub_identity() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select to_jsonb(min(substr(f.name, 10))) from hub.facts f where f.name like 'identity %'
$$;

-- As before, but of immutable parts only: extract from an instant counts as depending on the time
-- zone, which kept the body from being put in place of the call. It runs for each row of every list.
create or replace function hub.ms(at timestamptz) returns bigint
language sql immutable parallel safe
return (date_part('epoch', at - timestamptz '1970-01-01 00:00:00+00') * 1000)::bigint;

-- Closed trades whose end lies in [from, to), oldest first, a page at a time: those behind the trade
-- p_after, which ended at p_after_at. A year of them is no single answer. Its own row says to the
-- microsecond when it ended; rows of the original engine are that exact.
drop function public.hub_trades_closed(bigint, bigint);
create function public.hub_trades_closed(
  p_from bigint, p_to bigint, p_limit int, p_after uuid default null, p_after_at bigint default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, public, hub, pg_temp as $$
  with place as (
    select coalesce((select a.closed_at from public.fxshinobi_trades a where a.id = p_after),
      hub.instant(p_after_at)) as at)
  select coalesce(jsonb_agg(hub.trade_json(k.t) order by (k.t).closed_at, (k.t).id), '[]')
  from (
    select t from public.fxshinobi_trades t, place
    where t.status = 'CLOSED' and t.entry_price is not null
      and t.closed_at >= hub.instant(p_from) and t.closed_at < hub.instant(p_to)
      and (p_after is null or (t.closed_at, t.id) > (place.at, p_after))
    order by t.closed_at, t.id limit p_limit) k
$$;
create index if not exists fxshinobi_trades_closed_at_idx
  on public.fxshinobi_trades (closed_at, id) where status = 'CLOSED';

-- Writes closed candles of one timeframe, columns as arrays. Answers indexes into them.
-- A plan lives as long as its connection, and one that was made while there were ten series would
-- walk through all of them for each row of a thousand: so no table is ever walked through here, and
-- each series and each older row is looked up by its key. Rows stay in the order of their first sort.
create or replace function public.hub_candles_upsert(
  p_tf smallint, s int[], t bigint[], o float8[], h float8[], l float8[], c float8[], v float8[],
  source text[], attempt smallint[], fetched bigint[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp set enable_seqscan = off as $$
declare
  answer jsonb;
begin
  -- A candle can be fetched again: no disk sync for it. As an attribute of the function this does nothing.
  perform set_config('synchronous_commit', 'off', true);
  -- One writer per timeframe: "new" is then a fact and the chain has one order. Costs no WAL.
  perform pg_advisory_xact_lock(471101, p_tf);
  with input as ( -- the last of a key wins; twice in one statement would fail
    select distinct on (u.s, u.t) u.*, hub.instant(u.t) as at
    from (select s[i] as s, t[i] as t, o[i] as o, h[i] as h, l[i] as l, c[i] as c, v[i] as v,
        source[i] as source, attempt[i] as attempt, fetched[i] as fetched, i as ord
      from generate_series(1, cardinality(s)) i) u
    order by u.s, u.t, u.ord desc),
  changed as ( -- unchanged rows stop here: no lock, no WAL
    select i.*, x.chain_seq, x.chain_head, coalesce(k.revision, 0::smallint) + 1 as revision
    from input i
    left join lateral (
      select x.chain_seq, x.chain_head, x.newest from hub.series x where x.id = i.s and x.tf = p_tf limit 1) x on true
    left join lateral ( -- what opens after the newest cannot be there: no look at all
      select y.* from (select 1 where i.at <= x.newest offset 0) g,
        lateral (select y.open, y.high, y.low, y.close, y.volume, y.revision from hub.candles y
          where y.tf = p_tf and y.series_id = i.s and y.open_time = i.at limit 1) y) k on true
    where k.revision is null
      or (k.open, k.high, k.low, k.close, k.volume) is distinct from (i.o, i.h, i.l, i.c, i.v)),
  numbered as (
    select n.*, n.chain_seq + row_number() over w as seq, lead(n.t) over w is null as is_last,
      count(*) filter (where n.revision = 1) over w as fresh
    from changed n window w as (partition by n.s order by n.t rows unbounded preceding)),
  linked as materialized (
    select n.*, hub.chain(n.chain_head, hub.candle_bytes(
        n.seq, n.t, n.o, n.h, n.l, n.c, n.v, n.source, n.attempt, n.fetched, n.revision::smallint))
      over (partition by n.s order by n.t rows unbounded preceding) as hash
    from numbered n),
  added as (
    insert into hub.candles (tf, series_id, open_time, open, high, low, close, volume,
        source, attempt, fetched_at, revision, chain_seq, hash)
      select p_tf, n.s, n.at, n.o, n.h, n.l, n.c, n.v,
        n.source::hub.candle_source, n.attempt, hub.instant(n.fetched), n.revision, n.seq, n.hash
      from linked n where n.revision = 1),
  kept as (
    insert into hub.candle_revisions
      select k.*, now() from linked n, lateral (
        select y.* from hub.candles y
        where y.tf = p_tf and y.series_id = n.s and y.open_time = n.at limit 1) k
      where n.revision > 1),
  revised as ( -- an insert that always conflicts: unlike an update it opens one partition, not all
    insert into hub.candles as x (tf, series_id, open_time, open, high, low, close, volume,
        source, attempt, fetched_at, revision, chain_seq, hash)
      select p_tf, n.s, n.at, n.o, n.h, n.l, n.c, n.v,
        n.source::hub.candle_source, n.attempt, hub.instant(n.fetched), n.revision, n.seq, n.hash
      from linked n where n.revision > 1
    on conflict (tf, series_id, open_time) do update set
      open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
      volume = excluded.volume, source = excluded.source, attempt = excluded.attempt,
      fetched_at = excluded.fetched_at, revision = excluded.revision,
      chain_seq = excluded.chain_seq, hash = excluded.hash),
  moved as (
    update hub.series x set chain_seq = n.seq, chain_head = n.hash,
      newest = greatest(x.newest, n.at), candles = x.candles + n.fresh
    from linked n where n.is_last and x.id = n.s)
  select jsonb_build_object(
      'added', coalesce(jsonb_agg(ord - 1 order by ord) filter (where linked.revision = 1), '[]'),
      'revised', coalesce(jsonb_agg(ord - 1 order by ord) filter (where linked.revision > 1), '[]'))
    into answer from linked;
  return answer;
end $$;

-- Its plan lives as long, and goes wrong in the same way.
alter function public.hub_watch_evaluated(int[], bigint[]) set enable_seqscan = off;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
