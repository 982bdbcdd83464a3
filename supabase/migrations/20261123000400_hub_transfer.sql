-- What a database holds, out as text and in again, on any road and into any other. Every value travels
-- as the text that PostgreSQL itself writes for it and reads back without loss: no digit, no scale, no
-- sign of a zero passes through another language's number, and a JSON null stays apart from none.

-- True in a transaction that takes rows over from another database: triggers that would add rows of
-- their own do nothing then, since those rows come as well.
create function hub.importing() returns boolean
language sql stable return coalesce(current_setting('hub.importing', true), '') = 'on';

-- A fact about this very database and its tables; it would be false of another one.
create function hub.stays(fact text) returns boolean
language sql immutable return fact ~ '^(importing|identity|late-rows) ';

-- The tables that travel: all but those that speak of the moment. Months of candles are part of
-- hub.candles, also while they are on their way out.
create function hub.travelling() returns table (name text, t regclass)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select n.nspname || '.' || c.relname, c.oid::regclass
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition
    and case n.nspname
      when 'hub' then c.relname <> all (array['leases', 'retired_months']) and c.relname !~ '_[0-9]{6}$'
      when 'public' then c.relname like 'fxshinobi\_%'
        and exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
      else false end
$$;

-- The same, each behind those that it refers to.
create function hub.travelling_in_order() returns table (name text, t regclass)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  with recursive mine as materialized (select * from hub.travelling()),
  placed as (
    select m.t::oid as t, 0 as depth from mine m
    union
    select k.conrelid, p.depth + 1
    from placed p join pg_constraint k on k.contype = 'f' and k.confrelid = p.t and k.conrelid <> p.t
    where p.depth < 50)
  select m.name, m.t from mine m join placed p on p.t = m.t
  group by m.name, m.t order by max(p.depth), m.name collate "C"
$$;

create function hub.travelling_table(p_name text) returns regclass
language plpgsql stable set search_path = pg_catalog, hub, pg_temp as $$
declare
  found_table regclass := (select x.t from hub.travelling() x where x.name = p_name);
begin
  if found_table is null then
    raise exception 'the hub has no table %', p_name using errcode = 'PT409', hint = 'unknown-table';
  end if;
  return found_table;
end $$;

-- The columns that travel, and the place of each in the primary key, from 0. What the server makes up
-- by itself it makes up anew, and numbers of its transactions mean nothing elsewhere: such columns get
-- their default. Text is compared byte by byte, which is the same everywhere.
create function hub.travelling_columns(p_table regclass)
returns table (name text, type text, key_place int, sort text, sequence text)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select a.attname::text, format_type(a.atttypid, a.atttypmod),
    array_position(i.indkey::int2[], a.attnum),
    format(case when a.attcollation = 0 then 'x.%I' else 'x.%I collate "C"' end, a.attname),
    pg_get_serial_sequence(p_table::text, a.attname)
  from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
  where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    and a.atttypid <> all (array['xid', 'xid8', 'pg_lsn', 'tid']::regtype[])
$$;

-- Their names in the order of an export: another database may have been given them in another order.
create function hub.travelling_names(p_table regclass) returns text[]
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select array_agg(c.name order by c.name collate "C") from hub.travelling_columns(p_table) c
$$;

-- The instance of a hub that works on this database, null when there is none. The leases know.
create function hub.in_use() returns text
language plpgsql volatile set search_path = pg_catalog, hub, pg_temp as $$
begin
  if to_regclass('hub.leases') is null then return null; end if;
  return (select l.instance from hub.leases l where l.expires_at > clock_timestamp() order by l.name limit 1);
end $$;

-- What there is to know of this database before anybody works on it.
create function public.hub_database() returns jsonb
language sql volatile security definer set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_build_object(
    'server', current_setting('server_version'), 'bytes', pg_database_size(current_database()),
    'version', public.hub_version(), 'usedBy', hub.in_use(),
    'importing', exists (select from hub.facts f where f.name like 'importing %'))
$$;

-- The tables of an export in their order, with their columns and how far their numbering has come.
-- Held against the removal of a month, so that a transaction sees all candles or none of it.
create function public.hub_export_tables() returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  unfinished boolean := false;
begin
  lock table hub.candles in access share mode;
  if to_regclass('hub.retired_months') is not null then
    unfinished := exists (select from hub.retired_months);
  end if;
  if exists (select from hub.facts f where f.name like 'importing %') then
    raise exception 'an import into this database has not ended: run it again first'
      using errcode = 'PT409', hint = 'half-imported';
  end if;
  if unfinished then
    raise exception 'a month of candles is just being removed: try again in a minute, with the hub running'
      using errcode = 'PT409', hint = 'upkeep-unfinished';
  end if;
  return (
    select jsonb_agg(jsonb_build_object('table', x.name, 'columns', to_jsonb(hub.travelling_names(x.t)),
        'last', (select pg_sequence_last_value(c.sequence::regclass)::text
          from hub.travelling_columns(x.t) c where c.sequence is not null)) order by x.place)
    from hub.travelling_in_order() with ordinality as x (name, t, place));
end $$;

-- The query for a page: rows as arrays of texts and their keys, in the order of the primary key. $1 is
-- the key of the row before the first one, if there is one. Its first part is asked for once more by
-- itself, so that partitions before it are not opened. An index on text may be in another order than
-- ours: then the keys alone are put in order first, and the rows fetched by them.
create function hub.page_query(p_table regclass, p_has_before boolean) returns text
language plpgsql stable set search_path = pg_catalog, hub, pg_temp as $$
declare
  key record;
  bounds text := 'true';
begin
  select string_agg(format('x.%I::text', c.name), ', ' order by c.key_place) as texts,
      string_agg(quote_ident(c.name), ', ' order by c.key_place) as names,
      string_agg(c.sort, ', ' order by c.key_place) as sort,
      string_agg(v.value, ', ' order by c.key_place) as values,
      min(c.sort || ' >= ' || v.value) filter (where c.key_place = 0) as start,
      bool_or(c.sort like '% collate %') as is_text
    into key
    from hub.travelling_columns(p_table) c
      cross join lateral (select format('($1 ->> %s)::%s', c.key_place, c.type) as value) v
    where c.key_place is not null;
  if p_has_before then bounds := format('(%s) > (%s) and %s', key.sort, key.values, key.start); end if;
  if p_table = 'hub.facts'::regclass then bounds := bounds || ' and not hub.stays(x.name)'; end if;
  return format('select json_build_array(%s)::text, jsonb_build_array(%s) from %s order by %s limit 5000',
    (select string_agg(format('x.%I::text', n.name), ', ' order by n.place)
      from unnest(hub.travelling_names(p_table)) with ordinality as n (name, place)),
    key.texts,
    format(case when key.is_text
      then '(select y.* from %1$s y join (select %2$s from %1$s x where %3$s order by %4$s limit 1000) k using (%2$s)) x'
      else '%1$s x where %3$s' end, p_table, key.names, bounds, key.sort),
    key.sort);
end $$;

-- Some rows of a table, about p_bytes of them: those behind the key p_after. `after` is the key of the
-- last one, null when there is none. The planner takes a comparison of whole keys for a narrow one and
-- would sort the rest of the table for every page; it is told not to.
create function public.hub_export(p_table text, p_after jsonb default null, p_bytes int default 400000)
returns json
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres'
set extra_float_digits = 1 set bytea_output = 'hex'
set enable_sort = off set enable_bitmapscan = off set jit = off as $$
declare
  line text;
  key jsonb;
  last jsonb;
  lines text[] := '{}';
  size int := 0;
begin
  for line, key in execute hub.page_query(hub.travelling_table(p_table), p_after is not null) using p_after loop
    lines := lines || line;
    size := size + octet_length(line);
    last := key;
    exit when size >= p_bytes;
  end loop;
  return json_build_object('rows', ('[' || array_to_string(lines, ',') || ']')::json, 'after', last);
end $$;

-- A word that changes with a table, for roads where an export is many transactions. Candles are many,
-- but none is written without its series; of them only the months are looked at.
create function public.hub_export_mark(p_table text) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  t regclass := hub.travelling_table(p_table);
  answer jsonb;
begin
  if (select c.relkind from pg_class c where c.oid = t) = 'p' then
    return (select jsonb_agg(p.relid::bigint order by p.relid) from pg_partition_tree(t) p);
  end if;
  execute format('select jsonb_build_array(count(*), sum(x.xmin::text::bigint)) from %s x', t) into answer;
  return answer;
end $$;

-- The first table that holds more than the migrations put there, null when none does.
create function hub.first_filled() returns text
language plpgsql stable set search_path = pg_catalog, hub, pg_temp as $$
declare
  x record;
  is_filled boolean;
begin
  for x in select * from hub.travelling_in_order() loop
    execute format('select exists (select from %s x where not (%s))', x.t, case x.name
        when 'hub.facts' then 'hub.stays(x.name)'
        when 'hub.risk' then 'x.revision = 1'
        when 'public.fxshinobi_health' then 'x.instance_id = ''migration'''
        when 'public.fxshinobi_snapshots' then 'x.system_status = ''INIT'''
        else 'false' end) into is_filled;
    if is_filled then return x.name; end if;
  end loop;
  return null;
end $$;

-- Takes out what there is. Tables in public may be referred to by others' tables.
create function hub.clear() returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
declare
  x record;
begin
  execute (select 'truncate ' || string_agg(o.t::text, ', ') from hub.travelling() o
    where o.name like 'hub.%' and o.name <> 'hub.facts');
  delete from hub.facts f where not hub.stays(f.name) or f.name like 'importing %';
  for x in select o.t from hub.travelling() o where o.name like 'public.%' loop
    execute format('delete from %s', x.t);
  end loop;
end $$;

-- Makes an empty database ready to take over the rows of another one of the same schema, and marks it
-- as half full until hub_import_end. What an import left that never ended is cleared away.
create function public.hub_import_begin(p_import uuid, p_version text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  present text := public.hub_version() #>> '{}';
  instance text := hub.in_use();
  filled text;
begin
  perform pg_advisory_xact_lock(471104, 0);
  if exists (select from hub.facts f where f.name = 'importing ' || p_import) then
    return 'false'; -- a repeat
  end if;
  if instance is not null then
    raise exception 'a hub (%) runs on this database: stop it first', instance
      using errcode = 'PT409', hint = 'hub-running';
  end if;
  if p_version is distinct from present then
    raise exception 'the export has schema % and this database has %', p_version, present
      using errcode = 'PT409', hint = 'schema-differs';
  end if;
  filled := case when not exists (select from hub.facts f where f.name like 'importing %') then hub.first_filled() end;
  if filled is not null then
    raise exception 'this database is not empty: there are rows in %', filled
      using errcode = 'PT409', hint = 'not-empty';
  end if;
  perform set_config('hub.importing', 'on', true);
  perform hub.clear();
  insert into hub.facts (name) values ('importing ' || p_import);
  return 'true';
end $$;

-- What follows belongs to the import that has begun last, and no hub works on what is half there.
create function hub.hold_import(p_import uuid) returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
declare
  instance text := hub.in_use();
begin
  perform 1 from hub.facts f where f.name = 'importing ' || p_import for share;
  if not found then
    raise exception 'another import into this database has begun' using errcode = 'PT409', hint = 'import-superseded';
  end if;
  if instance is not null then
    raise exception 'a hub (%) has begun to work on this database', instance
      using errcode = 'PT409', hint = 'hub-running';
  end if;
  perform set_config('hub.importing', 'on', true);
end $$;

-- Makes the months of such candles, given as texts: instants and minutes.
create function hub.make_months(open_time text[], tf text[]) returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform public.hub_candle_partitions(hub.ms(m.at), hub.ms(m.at), m.tf)
  from (
    select distinct date_trunc('month', u.open_time::timestamptz, 'UTC') as at, u.tf::smallint as tf
    from unnest(open_time, tf) as u (open_time, tf) where u.tf::smallint < 60) m;
end $$;

-- Takes over some rows, as hub_export gave them. Answers how many of them were not there yet.
create function public.hub_import(p_import uuid, p_table text, p_columns text[], p_rows jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres' as $$
declare
  t regclass := hub.travelling_table(p_table);
  names text[] := hub.travelling_names(t);
  added int;
begin
  perform hub.hold_import(p_import);
  -- hub_import_end waits for the disk: with it everything before is safe.
  perform set_config('synchronous_commit', 'off', true);
  if p_columns is distinct from names then
    raise exception 'the export has other columns of % than this database', p_table
      using errcode = 'PT409', hint = 'columns-differ';
  end if;
  if t = 'hub.candles'::regclass then
    perform hub.make_months(
      array(select e ->> array_position(names, 'open_time') - 1 from jsonb_array_elements(p_rows) e),
      array(select e ->> array_position(names, 'tf') - 1 from jsonb_array_elements(p_rows) e));
  end if;
  execute (
    select format('insert into %s (%s) overriding system value select %s from jsonb_array_elements($1) e on conflict do nothing',
      t, string_agg(quote_ident(c.name), ', '),
      string_agg(format('(e ->> %s)::%s', array_position(names, c.name) - 1, c.type), ', '))
    from hub.travelling_columns(t) c) using p_rows;
  get diagnostics added = row_count;
  return to_jsonb(added);
end $$;

-- Ends an import: the numbering of each table goes on where it stood, but never behind what is there.
-- p_last: {table: number or null}.
create function public.hub_import_end(p_import uuid, p_last jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  x record;
  reached bigint;
begin
  if not exists (select from hub.facts f where f.name like 'importing %') then return 'false'; end if; -- a repeat
  perform hub.hold_import(p_import);
  for x in
    select o.name, o.t, c.name as named, c.sequence
    from hub.travelling() o cross join lateral hub.travelling_columns(o.t) c where c.sequence is not null
  loop
    execute format('select greatest(max(x.%I), $1) from %s x', x.named, x.t)
      into reached using (p_last ->> x.name)::bigint;
    perform setval(x.sequence::regclass, coalesce(reached, 1), reached is not null);
  end loop;
  delete from hub.facts f where f.name = 'importing ' || p_import;
  return 'true';
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
