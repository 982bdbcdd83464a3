-- Who did what. Each line is hashed on top of the line before it: none can be changed or taken out
-- of the middle unseen.

create table hub.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  who text not null,
  what text not null,
  detail jsonb not null,
  hash bytea not null
);
create index on hub.audit (at);

create function hub.audit_bytes(at timestamptz, who text, what text, detail jsonb) returns bytea
language sql immutable
return convert_to(jsonb_build_array(hub.ms(at), who, what, detail)::text, 'UTF8');

-- Adds a line. The same line again, as after a lost answer, is not added twice.
create function public.hub_audit(p_at bigint, p_who text, p_what text, p_detail jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  instant timestamptz := hub.instant(p_at);
  previous bytea;
begin
  perform pg_advisory_xact_lock(471102, 0);
  if exists (select from hub.audit a where a.at = instant and a.who = p_who and a.what = p_what
    and a.detail = p_detail) then
    return 'false';
  end if;
  select a.hash into previous from hub.audit a order by a.id desc limit 1;
  insert into hub.audit (at, who, what, detail, hash)
    values (instant, p_who, p_what, p_detail,
      sha256(coalesce(previous, sha256('')) || hub.audit_bytes(instant, p_who, p_what, p_detail)));
  return 'true';
end $$;

create function public.hub_audit_log(p_limit int, p_before bigint default null) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'at', hub.ms(k.at), 'who', k.who, 'what', k.what,
      'detail', k.detail) order by k.id desc), '[]')
  from (select a.* from hub.audit a where p_before is null or a.id < p_before
    order by a.id desc limit p_limit) k
$$;

-- Walks all lines; `broken` is the id of the first that does not stand on the one before it.
create function public.hub_audit_verify() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  with judged as (
    select a.id, a.hash <> sha256(coalesce(lag(a.hash) over (order by a.id), sha256(''))
      || hub.audit_bytes(a.at, a.who, a.what, a.detail)) as wrong
    from hub.audit a)
  select jsonb_build_object('rows', count(*), 'broken', min(j.id) filter (where j.wrong)) from judged j
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
