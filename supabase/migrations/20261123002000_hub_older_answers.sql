-- An older answer of an exchange does not replace what a later one said of the same candle. A page of the
-- past waits for candles that have just closed, so what was asked for first may be written last. What is
-- older by more than an hour comes from a clock that was set back, and is believed.

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
        lateral (select y.open, y.high, y.low, y.close, y.volume, y.revision, y.fetched_at from hub.candles y
          where y.tf = p_tf and y.series_id = i.s and y.open_time = i.at limit 1) y) k on true
    where k.revision is null
      or ((k.open, k.high, k.low, k.close, k.volume) is distinct from (i.o, i.h, i.l, i.c, i.v)
        and (hub.instant(i.fetched) >= k.fetched_at -- older, it would undo what a later answer said
          or hub.instant(i.fetched) < k.fetched_at - interval '1 hour'))),
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

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
