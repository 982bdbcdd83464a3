-- What every later file stands on: roles, the hub's own schema, and the guard over its functions.
-- Supabase has these roles already; plain PostgreSQL gets them here, as far as the owner may.

do $$
declare
  role_name text;
begin
  foreach role_name in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin', role_name);
      exception
        when duplicate_object or unique_violation then null; -- another database's starter was first
        when insufficient_privilege then
          raise notice 'role % is not there and may not be made: only the owner can call the hub', role_name;
      end;
    end if;
  end loop;
end $$;

create schema if not exists hub;
comment on schema hub is 'Tables of the trading hub. Nobody reads or writes them but the functions public.hub_*.';

-- Closes every hub_* function to the world and opens it to the service role. Each file that makes
-- functions ends with it, since a new function may be executed by everybody until it is told off,
-- and Supabase no longer grants anything by itself.
create function hub.guard() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  f regprocedure;
  r text;
begin
  for f in
    select p.oid from pg_proc p
    where (p.pronamespace = 'public'::regnamespace and p.proname like 'hub\_%')
      or p.pronamespace = 'hub'::regnamespace
  loop
    execute format('revoke all on routine %s from public', f);
    foreach r in array array['anon', 'authenticated', 'service_role'] loop
      continue when not exists (select from pg_roles where rolname = r);
      execute format('revoke all on routine %s from %I', f, r);
      if r = 'service_role' and (select pronamespace from pg_proc where oid = f) = 'public'::regnamespace then
        execute format('grant execute on routine %s to %I', f, r);
      end if;
    end loop;
  end loop;
end $$;

-- Switches row level security on for every table of the hub. There are no policies: the functions
-- run as the owner, and nobody else has business here.
create function hub.seal() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  t regclass;
begin
  for t in
    select c.oid from pg_class c
    where c.relnamespace = 'hub'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
  loop
    execute format('alter table %s enable row level security', t);
  end loop;
end $$;

-- Milliseconds since the epoch: the only form in which an instant enters or leaves a function.
create function hub.ms(at timestamptz) returns bigint
language sql immutable parallel safe return (extract(epoch from at) * 1000)::bigint;

create function hub.instant(ms bigint) returns timestamptz
language sql immutable parallel safe return to_timestamp(ms / 1000.0::float8);

-- Plain digits without trailing zeros: the only form in which money leaves a function.
create function hub.money(amount numeric) returns text
language sql immutable parallel safe return trim_scale(amount)::text;

-- Single facts about this database, e.g. that its first use is over.
create table hub.facts (
  name text primary key,
  noted_at timestamptz not null default now()
);

-- Answers true once in the life of a database.
create function public.hub_first_use() returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.facts (name) values ('first-use') on conflict do nothing;
  return to_jsonb(found);
end $$;

-- The newest of the hub's migrations that this database has. The hub's files carry hub_ in their
-- name, so that a project shared with others is not mistaken for a newer hub.
create function public.hub_version() returns jsonb
language sql security definer set search_path = pg_catalog, hub, pg_temp as $$
  select to_jsonb(max(version)) from supabase_migrations.schema_migrations where name like 'hub\_%'
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
