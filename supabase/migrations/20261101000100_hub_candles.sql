-- Series and their candles: who is followed, what was seen, where it came from, and the proof.

create type hub.candle_source as enum ('poll', 'retry', 'bootstrap', 'backfill');

-- No CHECK here: it would run with every move of the head. hub.series_id checks what it adds.
create table hub.series (
  id int generated always as identity primary key,
  exchange text not null,
  pair text not null,
  tf smallint not null,
  newest timestamptz,
  evaluated_to timestamptz,
  candles bigint not null default 0,
  chain_seq bigint not null default 0,
  chain_head bytea not null default sha256(''),
  unique (exchange, pair, tf)
) with (fillfactor = 50); -- the head moves with every candle: leave room to do it in the page
comment on column hub.series.tf is 'Length of a candle, minutes.';
comment on column hub.series.chain_head is 'Hash of the row written last; the next one is hashed on top of it.';

-- Floats, since nothing is paid by a candle; the order of columns keeps the row free of padding.
create table hub.candles (
  open_time timestamptz not null,
  open float8 not null,
  high float8 not null,
  low float8 not null,
  close float8 not null,
  volume float8 not null,
  fetched_at timestamptz not null,
  chain_seq bigint not null,
  series_id int not null,
  source hub.candle_source not null,
  tf smallint not null,
  attempt smallint not null,
  revision smallint not null,
  hash bytea not null,
  check (high >= low and high >= open and high >= close and low <= open and low <= close and volume >= 0),
  primary key (tf, series_id, open_time)
) partition by list (tf);
comment on column hub.candles.chain_seq is 'Place in the order of writing of its series, from 1 without holes.';
comment on column hub.candles.hash is
  'sha256 over the hash of the row written before it in this series, then in network byte order:
   chain_seq int8, open_time ms int8, open high low close volume float8, fetched_at ms int8,
   attempt int2, revision int2, source one byte (poll 1, retry 2, bootstrap 3, backfill 4).';

do $$
declare
  tf int;
begin
  foreach tf in array array[1, 5, 15, 30, 60, 240, 1440, 10080] loop
    execute format('create table hub.candles_%s partition of hub.candles for values in (%s)', tf, tf)
      || case when tf < 60 then ' partition by range (open_time)' else '' end;
    if tf < 60 then
      execute format('create table hub.candles_%s_default partition of hub.candles_%s default', tf, tf);
    end if;
  end loop;
end $$;

-- What a candle was before the venue changed it.
create table hub.candle_revisions (like hub.candles);
alter table hub.candle_revisions add column replaced_at timestamptz not null default now();
alter table hub.candle_revisions add primary key (tf, series_id, open_time, revision);

-- Makes the months that rows between two instants need. Months are UTC, whatever the session says.
-- A month is filled from the default partition before it is attached, so it can never be too late.
create function public.hub_candle_partitions(p_from bigint, p_to bigint, p_tf smallint default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  length smallint;
  month timestamp;
  part text;
  made jsonb := '[]';
begin
  if p_to - p_from > 40 * 366 * 86400000::bigint then
    raise exception 'more than 40 years of partitions' using errcode = 'PT400', hint = 'range-too-long';
  end if;
  perform pg_advisory_xact_lock(471100, 0);
  foreach length in array array[1, 5, 15, 30]::smallint[] loop
    continue when p_tf is not null and p_tf <> length;
    for month in
      select generate_series(
        date_trunc('month', hub.instant(p_from) at time zone 'UTC'),
        hub.instant(p_to) at time zone 'UTC', interval '1 month')
    loop
      part := format('candles_%s_%s', length, to_char(month, 'YYYYMM'));
      continue when to_regclass('hub.' || part) is not null;
      execute format('create table hub.%I (like hub.candles including all)', part);
      execute format('alter table hub.%I enable row level security', part);
      execute format(
        'with moved as (delete from hub.candles_%s_default where open_time >= %L and open_time < %L returning *)
         insert into hub.%I select * from moved',
        length, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC', part);
      execute format(
        'alter table hub.candles_%s attach partition hub.%I for values from (%L) to (%L)',
        length, part, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
      made := made || to_jsonb(part);
    end loop;
  end loop;
  return made;
end $$;

-- Only functions that are immutable themselves: it is then put in place of its call.
create function hub.candle_bytes(
  seq bigint, open_ms bigint, open float8, high float8, low float8, close float8, volume float8,
  source text, attempt smallint, fetched_ms bigint, revision smallint)
returns bytea language sql immutable parallel safe
return int8send(seq) || int8send(open_ms) || float8send(open) || float8send(high) || float8send(low)
  || float8send(close) || float8send(volume) || int8send(fetched_ms) || int2send(attempt) || int2send(revision)
  || case source when 'poll' then '\x01'::bytea when 'retry' then '\x02' when 'bootstrap' then '\x03' else '\x04' end;

create function hub.chain_step(state bytea, head bytea, link bytea)
returns bytea language plpgsql immutable parallel safe as $$
begin
  return sha256(coalesce(state, head) || link);
end $$;

-- Over an ordered window it gives each row its hash: the first stands on the series' head.
create aggregate hub.chain(head bytea, link bytea) (sfunc = hub.chain_step, stype = bytea);

-- Writes closed candles of one timeframe, columns as arrays. Answers indexes into them.
create function public.hub_candles_upsert(
  p_tf smallint, s int[], t bigint[], o float8[], h float8[], l float8[], c float8[], v float8[],
  source text[], attempt smallint[], fetched bigint[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  answer jsonb;
begin
  -- A candle can be fetched again: no disk sync for it. As an attribute of the function this does nothing.
  perform set_config('synchronous_commit', 'off', true);
  -- One writer per timeframe: "new" is then a fact and the chain has one order. Costs no WAL.
  perform pg_advisory_xact_lock(471101, p_tf);
  with input as ( -- the last of a key wins; twice in one statement would fail
    select distinct on (u.s, u.t) u.*, hub.instant(u.t) as at
    from unnest(s, t, o, h, l, c, v, source, attempt, fetched)
      with ordinality as u (s, t, o, h, l, c, v, source, attempt, fetched, ord)
    order by u.s, u.t, u.ord desc),
  placed as (
    select i.*, x.chain_seq, x.chain_head, x.newest
    from input i left join hub.series x on x.id = i.s and x.tf = p_tf),
  changed as materialized ( -- unchanged rows stop here: no lock, no WAL
    select i.*, k.old, coalesce((k.old).revision, 0::smallint) + 1 as revision
    from placed i
    left join lateral ( -- what opens after the newest cannot be there: no look at all
      select x as old from hub.candles x
      where i.at <= i.newest and x.tf = p_tf and x.series_id = i.s and x.open_time = i.at limit 1) k on true
    where (k.old).revision is null or ((k.old).open, (k.old).high, (k.old).low, (k.old).close, (k.old).volume)
      is distinct from (i.o, i.h, i.l, i.c, i.v)),
  numbered as (
    select n.*, n.chain_seq + row_number() over w as seq, lead(n.t) over w is null as is_last,
      count(*) filter (where n.revision = 1) over (w rows unbounded preceding) as fresh
    from changed n window w as (partition by n.s order by n.t)),
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
    insert into hub.candle_revisions select (n.old).*, now() from linked n where n.revision > 1),
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
      'added', coalesce(jsonb_agg(ord - 1 order by ord) filter (where changed.revision = 1), '[]'),
      'revised', coalesce(jsonb_agg(ord - 1 order by ord) filter (where changed.revision > 1), '[]'))
    into answer from changed;
  return answer;
end $$;

-- The newest candles that open at or before an instant, as columns, oldest first.
create function public.hub_candles_last(p_tf smallint, p_series int, p_limit int, p_until bigint default null)
returns json
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  return (
    select json_build_object(
      't', array_agg(hub.ms(k.open_time)), 'o', array_agg(k.open), 'h', array_agg(k.high),
      'l', array_agg(k.low), 'c', array_agg(k.close), 'v', array_agg(k.volume))
    from (
      select * from (
        select x.open_time, x.open, x.high, x.low, x.close, x.volume from hub.candles x
        where x.tf = p_tf and x.series_id = p_series
          and x.open_time <= coalesce(hub.instant(p_until), 'infinity')
        order by x.open_time desc limit p_limit) newest
      order by newest.open_time) k);
end $$;

-- Candles that open in [from, to), as columns, oldest first.
create function public.hub_candles_range(
  p_exchange text, p_pair text, p_tf smallint, p_from bigint, p_to bigint, p_limit int)
returns json
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  series int := (select id from hub.series where exchange = p_exchange and pair = p_pair and tf = p_tf);
begin
  return (
    select json_build_object(
      't', array_agg(hub.ms(k.open_time)), 'o', array_agg(k.open), 'h', array_agg(k.high),
      'l', array_agg(k.low), 'c', array_agg(k.close), 'v', array_agg(k.volume))
    from (
      select x.open_time, x.open, x.high, x.low, x.close, x.volume from hub.candles x
      where x.tf = p_tf and x.series_id = series
        and x.open_time >= hub.instant(p_from) and x.open_time < hub.instant(p_to)
      order by x.open_time limit p_limit) k);
end $$;

create function public.hub_candles_count() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select to_jsonb(coalesce(sum(candles), 0)) from hub.series
$$;

-- Walks the chain of a series in the order of writing. A row whose predecessor was dropped with its
-- month cannot be checked: it is counted as unlinked. `broken` is the first row that does not fit.
create function public.hub_candles_verify(p_exchange text, p_pair text, p_tf smallint) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  known hub.series;
  answer jsonb;
begin
  select * into known from hub.series where exchange = p_exchange and pair = p_pair and tf = p_tf;
  with every_row as (
    select x.* from hub.candles x where x.tf = p_tf and x.series_id = known.id
    union all
    select r.open_time, r.open, r.high, r.low, r.close, r.volume, r.fetched_at, r.chain_seq, r.series_id,
      r.source, r.tf, r.attempt, r.revision, r.hash
    from hub.candle_revisions r where r.tf = p_tf and r.series_id = known.id),
  beside as (
    select e.*, case when e.chain_seq = 1 then sha256('')
        when lag(e.chain_seq) over w = e.chain_seq - 1 then lag(e.hash) over w end as previous
    from every_row e window w as (order by e.chain_seq)),
  judged as (
    select b.chain_seq, b.open_time, b.hash, b.previous is null as unlinked,
      b.hash is distinct from sha256(b.previous || hub.candle_bytes(
        b.chain_seq, hub.ms(b.open_time), b.open, b.high, b.low, b.close, b.volume,
        b.source::text, b.attempt, hub.ms(b.fetched_at), b.revision)) as wrong
    from beside b)
  select jsonb_build_object(
    'rows', count(*),
    'unlinked', count(*) filter (where unlinked),
    'broken', (
      select jsonb_build_object('seq', j.chain_seq, 'openTime', hub.ms(j.open_time)) from judged j
      where j.wrong and not j.unlinked order by j.chain_seq limit 1),
    'headFits', coalesce(
      (select j.hash = known.chain_head from judged j where j.chain_seq = known.chain_seq),
      known.chain_seq = 0))
    into answer from judged;
  return answer;
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
