-- What the hub keeps for how long, and how large it is. Each function does a small step and says
-- whether there is more to do, so that nobody waits long behind it, on any road.

-- What is left of the proof of rows that retention removed.
create table hub.chain_anchors (
  series_id int not null references hub.series (id),
  chain_seq bigint not null,
  hash bytea not null,
  primary key (series_id, chain_seq)
);
comment on table hub.chain_anchors is
  'The last row of each stretch of a chain that was removed: the row of the next chain_seq stands on this hash.
   One whose next row is gone as well is never asked for.';

-- A month of a timeframe that is about to go: which stretches of which chains were found on its pages
-- so far, a row for each step.
create table hub.retired_months (
  tf smallint not null,
  next_page bigint not null,
  part name not null,
  file oid not null,
  series int[] not null,
  first_seqs bigint[] not null,
  last_seqs bigint[] not null,
  last_hashes bytea[] not null,
  primary key (tf, next_page)
);
comment on column hub.retired_months.file is 'Where its rows lie. When somebody rewrites it, its pages are others.';

-- Removing a signal looks for orders of it; without this it would read all orders for each.
create index if not exists orders_signal_id_idx on hub.orders (signal_id);
create index if not exists signals_raised_at_idx on hub.signals (raised_at);

-- One hub at a time, for one step. Transaction locks exist on every road.
create function hub.is_alone() returns boolean
language sql set search_path = pg_catalog, hub, pg_temp as $$
  select pg_try_advisory_xact_lock(471150, 0)
$$;

-- Before this instant candles of a timeframe are old. Age counts from the newest candle when that is
-- earlier than now: neither a clock that runs ahead nor a long standstill makes candles old.
create function hub.candle_cut(p_tf smallint, p_keep_ms bigint, p_now bigint) returns timestamptz
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select least(hub.instant(p_now), max(x.newest)) - p_keep_ms * interval '1 ms'
  from hub.series x where x.tf = p_tf
$$;

-- The months of a timeframe that are partitions of their own, [from_time, to_time).
create function hub.candle_months(p_tf smallint)
returns table (part name, from_time timestamptz, to_time timestamptz)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select c.relname, m.first_day at time zone 'UTC', (m.first_day + interval '1 month') at time zone 'UTC'
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
    cross join lateral (select to_date(right(c.relname, 6), 'YYYYMM')::timestamp as first_day) m
  where i.inhparent = to_regclass('hub.candles_' || p_tf) and c.relname ~ '_[0-9]{6}$'
$$;

-- Notes that stretches left the chains of their series, and keeps the hash that the next row stands on.
create function hub.leave_chain(s int[], first_seq bigint[], last_seq bigint[], last_hash bytea[]) returns void
language sql set search_path = pg_catalog, hub, pg_temp as $$
  with gone as (
    select u.*, lead(u.first_seq) over (partition by u.s order by u.first_seq) as next
    from unnest(s, first_seq, last_seq, last_hash) as u (s, first_seq, last_seq, last_hash)),
  passed as (
    delete from hub.chain_anchors a using gone g where a.series_id = g.s and a.chain_seq = g.first_seq - 1)
  insert into hub.chain_anchors (series_id, chain_seq, hash)
    select g.s, g.last_seq, g.last_hash from gone g
    where g.next is distinct from g.last_seq + 1
      and not exists (select from hub.chain_anchors a where a.series_id = g.s and a.chain_seq = g.last_seq + 1)
  on conflict do nothing
$$;

-- Keeps the count of candles true. Call it with the writers' lock of the timeframe, and late: rows
-- of hub.series are locked until the end of the transaction.
create function hub.uncount_candles(s int[], n bigint[]) returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform 1 from hub.series x where x.id = any (s) order by x.id for update;
  update hub.series x set candles = x.candles - g.n
    from (select u.s, sum(u.n) as n from unnest(s, n) as u (s, n) group by u.s) g where x.id = g.s;
end $$;

-- Notes that a row changed in a month that is being counted or copied.
create function hub.note_late_row() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.facts (name) values ('late-rows ' || tg_table_name) on conflict do nothing;
  return null;
end $$;

create function hub.is_watched(p_part name) returns boolean
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select exists (select from pg_trigger g
    where g.tgrelid = to_regclass('hub.' || p_part) and g.tgname = 'late_rows')
$$;

create function hub.watch_month(p_part name) returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  if not hub.is_watched(p_part) then
    execute format('create trigger late_rows after insert or update or delete on hub.%I
      for each row execute function hub.note_late_row()', p_part);
  end if;
end $$;

-- True when a row changed since the last time it was asked.
create function hub.had_late_rows(p_part name) returns boolean
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  delete from hub.facts f where f.name = 'late-rows ' || p_part;
  return found;
end $$;

-- Notes which stretches lie on some pages of a month that goes.
create function hub.count_pages(r hub.retired_months, p_pages int) returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform set_config('work_mem', '32MB', true);
  execute format('
    with placed as (
      select k.series_id, k.chain_seq, k.hash, row_number() over w as place, lead(k.chain_seq) over w as next
      from hub.%I k where k.ctid >= %L and k.ctid < %L
      window w as (partition by k.series_id order by k.chain_seq)),
    stretches as (
      select p.series_id, min(p.chain_seq) as first_seq, max(p.chain_seq) as last_seq,
        string_agg(p.hash, %L) filter (where p.next is distinct from p.chain_seq + 1) as last_hash
      from placed p group by p.series_id, p.chain_seq - p.place)
    insert into hub.retired_months
      select $1, $2, $3, $4, coalesce(array_agg(s.series_id), %L), coalesce(array_agg(s.first_seq), %L),
        coalesce(array_agg(s.last_seq), %L), coalesce(array_agg(s.last_hash), %L) from stretches s',
    r.part, format('(%s,0)', r.next_page), format('(%s,0)', r.next_page + p_pages), '', '{}', '{}', '{}', '{}')
    using r.tf, r.next_page + p_pages, r.part, r.file;
end $$;

-- Drops a month whose pages are counted; from one moment to the next it is gone from the candles, from
-- their count and from the chains. Answers how many candles that were.
create function hub.drop_month(r hub.retired_months) returns bigint
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
declare
  series int[];
  counts bigint[];
begin
  perform hub.leave_chain(array_agg(u.s), array_agg(u.first), array_agg(u.last), array_agg(u.hash))
    from hub.retired_months m, unnest(m.series, m.first_seqs, m.last_seqs, m.last_hashes) as u (s, first, last, hash)
    where m.tf = r.tf;
  select array_agg(g.s), array_agg(g.n) into series, counts from (
    select u.s, sum(u.last - u.first + 1)::bigint as n
    from hub.retired_months m, unnest(m.series, m.first_seqs, m.last_seqs) as u (s, first, last)
    where m.tf = r.tf group by u.s) g;
  perform set_config('lock_timeout', '200', true); -- whoever comes later waits behind us
  perform pg_advisory_xact_lock(471100, 0);
  perform pg_advisory_xact_lock(471101, r.tf);
  execute format('alter table hub.candles_%s detach partition hub.%I', r.tf, r.part);
  if hub.had_late_rows(r.part) then
    raise exception 'a row of % came late', r.part using errcode = 'lock_not_available';
  end if;
  perform hub.uncount_candles(series, counts);
  execute format('drop table hub.%I', r.part);
  delete from hub.retired_months m where m.tf = r.tf;
  return (select coalesce(sum(u), 0) from unnest(counts) as u);
end $$;

-- Takes the oldest month that is wholly old out of hub.candles. Its rows are counted first, some pages
-- a call, while everybody still sees them; a row that comes meanwhile has it counted anew another time.
create function public.hub_candles_retire(p_tf smallint, p_keep_ms bigint, p_now bigint, p_pages int default 1000)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  old name;
  file oid;
  counted hub.retired_months;
begin
  if not hub.is_alone() then return jsonb_build_object('busy', true); end if;
  select m.part into old from hub.candle_months(p_tf) m
    where m.to_time <= hub.candle_cut(p_tf, p_keep_ms, p_now) order by m.from_time limit 1;
  if old is null then return jsonb_build_object('month', null, 'rows', 0, 'more', false); end if;
  perform set_config('synchronous_commit', 'off', true);
  perform set_config('lock_timeout', '200', true);
  file := pg_relation_filenode(('hub.' || old)::regclass);
  select * into counted from hub.retired_months r where r.tf = p_tf order by r.next_page desc limit 1;
  if (counted.part, counted.file) is distinct from (old, file) then
    perform hub.watch_month(old);
    delete from hub.retired_months r where r.tf = p_tf;
    insert into hub.retired_months values (p_tf, 0, old, file, '{}', '{}', '{}', '{}');
  elsif hub.had_late_rows(old) then
    delete from hub.retired_months r where r.tf = p_tf;
    return jsonb_build_object('busy', true);
  elsif counted.next_page * current_setting('block_size')::int < pg_relation_size(('hub.' || old)::regclass) then
    perform hub.count_pages(counted, p_pages);
  else
    return jsonb_build_object('month', right(old, 6), 'rows', hub.drop_month(counted), 'more', true);
  end if;
  return jsonb_build_object('month', null, 'rows', 0, 'more', true);
exception when lock_not_available then
  return jsonb_build_object('busy', true);
end $$;

-- Removes some old candles where they do not lie in months, some old forms of revised candles, and
-- some gaps. Where candles go by months, the other two stay as long as their month.
-- p_revised_before: old forms fetched before it go as well, however young the candle.
create function public.hub_candles_trim(
  p_tf smallint, p_keep_ms bigint, p_now bigint, p_limit int, p_revised_before bigint default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  cut timestamptz := hub.candle_cut(p_tf, p_keep_ms, p_now);
  month_cut timestamptz := case when p_tf < 60 then date_trunc('month', cut, 'UTC') else cut end;
  leaf text := 'candles_' || p_tf || case when p_tf < 60 then '_default' else '' end;
  candles tid[];
  revisions tid[];
  gaps int;
  series int[];
  seqs bigint[];
  hashes bytea[];
begin
  if not hub.is_alone() then return jsonb_build_object('busy', true); end if;
  perform set_config('synchronous_commit', 'off', true);
  -- Looked for before the writers' lock is taken: most of the time there is nothing.
  execute format('select array(select k.ctid from hub.series x cross join lateral (
      select c.ctid from hub.%I c where c.tf = x.tf and c.series_id = x.id and c.open_time < $1
      order by c.open_time limit $2) k where x.tf = $3 limit $2)', leaf)
    into candles using cut, p_limit, p_tf;
  revisions := array(
    select k.ctid from hub.series x cross join lateral (
      select r.ctid from hub.candle_revisions r where r.tf = x.tf and r.series_id = x.id
        and (r.open_time < month_cut or r.fetched_at < hub.instant(p_revised_before))
      order by r.open_time limit p_limit) k where x.tf = p_tf limit p_limit);
  delete from hub.gaps g where g.ctid = any (array(
    select k.ctid from hub.series x cross join lateral (
      select h.ctid from hub.gaps h where h.series_id = x.id and h.open_time < month_cut
      order by h.open_time limit p_limit) k where x.tf = p_tf limit p_limit));
  get diagnostics gaps = row_count;
  if cardinality(candles) > 0 or cardinality(revisions) > 0 then
    perform set_config('lock_timeout', '2000', true);
    perform pg_advisory_xact_lock(471101, p_tf);
    execute format('with gone as (delete from hub.%I c where c.ctid = any ($1) and c.open_time < $2 returning c.*)
      select array_agg(series_id), array_agg(chain_seq), array_agg(hash) from gone', leaf)
      into series, seqs, hashes using candles, cut;
    perform hub.leave_chain(series, seqs, seqs, hashes);
    perform hub.uncount_candles(series, array_fill(1::bigint, array[coalesce(cardinality(series), 0)]));
    with gone as (delete from hub.candle_revisions r where r.ctid = any (revisions) returning r.*)
      select array_agg(g.series_id), array_agg(g.chain_seq), array_agg(g.hash) into series, seqs, hashes from gone g;
    perform hub.leave_chain(series, seqs, seqs, hashes);
  end if;
  return jsonb_build_object('candles', cardinality(candles), 'revisions', cardinality(revisions), 'gaps', gaps,
    'more', greatest(cardinality(candles), cardinality(revisions), gaps) >= p_limit);
exception when lock_not_available then
  return jsonb_build_object('busy', true);
end $$;

-- The next month to be put in order: over, not empty, and small enough to be copied at 5 MB a second
-- within the time that a statement has here, which is 8 s through Supabase's API.
create function hub.untidy_month(p_over_before timestamptz)
returns table (part name, tf smallint, from_time timestamptz, to_time timestamptz)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select m.part, t.tf, m.from_time, m.to_time
  from unnest(array[1, 5, 15, 30]::smallint[]) as t (tf)
    cross join lateral hub.candle_months(t.tf) m
    join pg_index i on i.indrelid = ('hub.' || m.part)::regclass and i.indisprimary and not i.indisclustered
    cross join (select setting::bigint as ms from pg_settings where name = 'statement_timeout') as l
  where m.to_time <= p_over_before
    and not exists (select from hub.retired_months r where r.part = m.part)
    and pg_relation_size(i.indrelid) between 1 and case when l.ms = 0 then 'infinity' else l.ms * 5000.0 end
  order by m.from_time, t.tf limit 1
$$;

-- Gives the ordered copy of a month its name and its place.
create function hub.take_place(
  copy name, part name, tf smallint, from_time timestamptz, to_time timestamptz)
returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  execute format('alter table hub.%I rename to %I', copy, part);
  execute format('alter index hub.%I rename to %I', copy || '_pkey', part || '_pkey');
  execute format('alter table hub.%I cluster on %I', part, part || '_pkey');
  execute format('alter table hub.%I enable row level security', part);
  execute format('alter table hub.candles_%s attach partition hub.%I for values from (%L) to (%L)',
    tf, part, from_time, to_time);
  execute format('alter table hub.%I drop constraint in_month', part); -- it spared a look at each row
end $$;

-- Puts one closed month in the order of its primary key: a series' candles then lie together, where
-- the closes laid all series side by side. CLUSTER would lock every reader of the timeframe out for
-- as long as it takes; this copies beside them and changes places in a moment. The first call of a
-- month only begins to watch it; when a row comes late, the copy is thrown away.
create function public.hub_candles_tidy(p_over_before bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  month record;
  copy name;
begin
  if not hub.is_alone() then return jsonb_build_object('busy', true); end if;
  select * into month from hub.untidy_month(hub.instant(p_over_before));
  if month.part is null then return jsonb_build_object('month', null, 'more', false); end if;
  copy := replace(month.part, 'candles', 'tidy');
  perform set_config('lock_timeout', '200', true);
  if not hub.is_watched(month.part) then
    perform hub.watch_month(month.part);
    return jsonb_build_object('month', null, 'more', true);
  end if;
  if hub.had_late_rows(month.part) then return jsonb_build_object('busy', true); end if; -- not quiet yet: another time
  perform set_config('work_mem', '64MB', true);
  execute format('create table hub.%I (like hub.candles including all,
    constraint in_month check (tf = %s and open_time >= %L and open_time < %L))',
    copy, month.tf, month.from_time, month.to_time);
  execute format('insert into hub.%I select * from hub.%I order by tf, series_id, open_time', copy, month.part);
  execute format('analyze hub.%I', copy);
  perform pg_advisory_xact_lock(471100, 0);
  perform pg_advisory_xact_lock(471101, month.tf);
  execute format('alter table hub.candles_%s detach partition hub.%I', month.tf, month.part);
  if hub.had_late_rows(month.part) then
    raise exception 'a row of % came late', month.part using errcode = 'lock_not_available';
  end if;
  execute format('drop table hub.%I', month.part);
  perform hub.take_place(copy, month.part, month.tf, month.from_time, month.to_time);
  return jsonb_build_object('tf', month.tf, 'month', right(month.part, 6), 'more', false);
exception when lock_not_available then
  return jsonb_build_object('busy', true);
end $$;

-- Removes the first rows, in an order that an index gives, that are older than the cut. A table that
-- this database does not have holds nothing old.
create function hub.forget_rows(p_table text, p_order name, p_cut timestamptz, p_limit int) returns jsonb
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
declare
  removed int;
begin
  if to_regclass(p_table) is null then return jsonb_build_object('rows', 0, 'more', false); end if;
  execute format('delete from %1$s where ctid = any (array(
      select f.ctid from (select t.ctid, t.at from %1$s t order by t.%2$I limit $2) f where f.at < $1))',
    p_table, p_order) using p_cut, p_limit;
  get diagnostics removed = row_count;
  return jsonb_build_object('rows', removed, 'more', removed >= p_limit);
end $$;

-- Removes some old rows of one kind that nothing refers to any more. A signal stays as long as an
-- order or an item of the queue names it: every position began with an order.
create function public.hub_forget(p_what text, p_before bigint, p_limit int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  cut timestamptz := hub.instant(p_before);
  ids text[];
  removed int;
begin
  if not hub.is_alone() then return jsonb_build_object('busy', true); end if;
  case p_what
    when 'gaps' then -- the others stay as long as the candles around them
      delete from hub.gaps g where g.id = any (array(
        select h.id from hub.gaps h where h.state = 'healed' and h.settled_at < cut order by h.id limit p_limit));
    when 'queue' then
      delete from hub.signal_queue q where q.id = any (array(
        select h.id from hub.signal_queue h where h.status = 'done' and h.enqueued_at < cut order by h.id limit p_limit));
    when 'verdicts' then
      ids := array(
        select s.id from hub.signals s where s.raised_at < cut
          and not exists (select from hub.orders o where o.signal_id = s.id)
          and not exists (select from hub.signal_queue q where q.signal_id = s.id)
        order by s.raised_at limit p_limit);
      delete from hub.verdicts v where v.signal_id = any (ids);
      delete from hub.signals s where s.id = any (ids);
    when 'events' then
      return hub.forget_rows('hub.outbox', 'id', cut, p_limit);
    when 'prices' then
      return hub.forget_rows('hub.price_snapshots', 'at', cut, p_limit);
    when 'pings' then
      delete from public.fxshinobi_health p where p.id = any (array(
        select h.id from public.fxshinobi_health h where h.timestamp < cut order by h.timestamp limit p_limit));
    else
      raise exception 'nothing is known of %', p_what using errcode = 'PT400', hint = 'unknown-kind';
  end case;
  get diagnostics removed = row_count;
  return jsonb_build_object('rows', removed, 'more', removed >= p_limit);
end $$;

-- Walks the chain of a series in the order of writing. A row stands on the row before it, or on what
-- retention kept of that; without either it cannot be checked and counts as unlinked. `broken` is
-- the first row that does not fit.
create or replace function public.hub_candles_verify(p_exchange text, p_pair text, p_tf smallint) returns jsonb
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
        when lag(e.chain_seq) over w = e.chain_seq - 1 then lag(e.hash) over w
        else (select a.hash from hub.chain_anchors a
          where a.series_id = e.series_id and a.chain_seq = e.chain_seq - 1) end as previous
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
      (select a.hash = known.chain_head from hub.chain_anchors a
        where a.series_id = known.id and a.chain_seq = known.chain_seq),
      known.chain_seq = 0))
    into answer from judged;
  return answer;
end $$;

-- How many rows a table has: counted while that is quick, else from its size now and the rows a page
-- that the last analysis found.
create function hub.count_rows(t regclass, out rows bigint, out exact boolean)
language plpgsql stable set search_path = pg_catalog, hub, pg_temp as $$
begin
  exact := pg_relation_size(t) < 8000000;
  if exact then
    execute format('select count(*) from %s', t) into rows;
  else
    select case when c.relpages > 0
        then c.reltuples::float8 / c.relpages * pg_relation_size(t) / current_setting('block_size')::int
        else pg_stat_get_live_tuples(c.oid) end into rows
      from pg_class c where c.oid = t;
  end if;
end $$;

-- The first and the last instant of a table whose rows are numbered as they come; null for others.
create function hub.time_span(t regclass, out oldest timestamptz, out newest timestamptz)
language plpgsql stable set search_path = pg_catalog, hub, pg_temp as $$
declare
  place name;
  stamp name;
begin
  select k.attname, (select a.attname from pg_attribute a
      where a.attrelid = t and a.atttypid = 'timestamptz'::regtype and a.attnotnull order by a.attnum limit 1)
    into place, stamp
    from pg_index i join pg_attribute k on k.attrelid = t and k.attnum = i.indkey[0]
    where i.indrelid = t and i.indisprimary and k.attidentity <> '';
  if stamp is null then return; end if;
  execute format('select (select %1$I from %3$s order by %2$I limit 1), (select %1$I from %3$s order by %2$I desc limit 1)',
    stamp, place, t) into oldest, newest;
end $$;

create function hub.size_json(parts regclass[]) returns jsonb
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_build_object('tableBytes', coalesce(sum(pg_table_size(p)), 0),
    'indexBytes', coalesce(sum(pg_indexes_size(p)), 0), 'totalBytes', coalesce(sum(pg_total_relation_size(p)), 0))
  from unnest(parts) as p
$$;

-- The tables in which the candles of a timeframe lie.
create function hub.candle_parts(p_tf smallint) returns table (part regclass)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select t.relid from pg_partition_tree(to_regclass('hub.candles_' || p_tf)) t where t.isleaf
$$;

-- Rows, bytes and age of all that the hub keeps. Candles by timeframe, on request by month as well.
create function public.hub_stats(p_months boolean default false) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  tables jsonb;
  candles jsonb;
begin
  select jsonb_agg(jsonb_build_object('name', c.relname, 'rows', n.rows, 'exact', n.exact,
      'oldest', hub.ms(s.oldest), 'newest', hub.ms(s.newest)) || hub.size_json(array[c.oid::regclass]) order by c.relname)
    into tables
    from pg_class c cross join lateral hub.count_rows(c.oid) n cross join lateral hub.time_span(c.oid) s
    where c.relkind = 'r' and not c.relispartition
      and (c.relnamespace = 'hub'::regnamespace
        or (c.relnamespace = 'public'::regnamespace and c.relname like 'fxshinobi\_%'));
  select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('months', m.list)) || jsonb_build_object(
      'tf', x.tf, 'rows', x.rows, 'oldest', hub.ms(x.oldest), 'newest', hub.ms(x.newest)) || hub.size_json(p.parts)
      order by x.tf)
    into candles
    from (
      select t.tf, coalesce(sum(s.candles), 0) as rows, max(s.newest) filter (where s.candles > 0) as newest,
        min(k.open_time) as oldest
      from unnest(array[1, 5, 15, 30, 60, 240, 1440, 10080]::smallint[]) as t (tf)
        left join hub.series s on s.tf = t.tf
        left join lateral (select c.open_time from hub.candles c
          where c.tf = s.tf and c.series_id = s.id order by c.open_time limit 1) k on true
      group by t.tf) x
    cross join lateral (select array_agg(l.part) as parts from hub.candle_parts(x.tf) l) p
    left join lateral (
      select jsonb_agg(jsonb_build_object('month', substring(l.part::text from '_([0-9]{6}|default)$'),
          'rows', n.rows, 'exact', n.exact) || hub.size_json(array[l.part]) order by l.part::text) as list
      from hub.candle_parts(x.tf) l cross join lateral hub.count_rows(l.part) n
      where p_months and x.tf < 60) m on true;
  return jsonb_build_object('databaseBytes', pg_database_size(current_database()), 'tables', tables, 'candles', candles);
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
