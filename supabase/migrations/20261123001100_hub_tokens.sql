-- Who may ask the hub, and what was asked with a key: tokens of operators, and the answers that are
-- given again when a request comes again.

-- A token lasts until it expires or is revoked, and is never unrevoked. The token itself is nowhere:
-- 32 random bytes need no slower hash than this one.
create table hub.tokens (
  id text primary key check (id ~ '^[0-9a-f]{12}$'),
  name text not null check (length(name) between 1 and 64),
  role text not null check (role in ('viewer', 'operator', 'admin')),
  hash bytea not null unique check (length(hash) = 32),
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  check ((revoked_by is null) = (revoked_at is null))
);
comment on column hub.tokens.hash is 'SHA-256 of the token.';
-- The audit log knows whoever asks by name.
create unique index on hub.tokens (name) where revoked_at is null;

create function hub.token_json(t hub.tokens) returns jsonb
language sql immutable return jsonb_build_object(
  'id', t.id, 'name', t.name, 'role', t.role, 'createdBy', t.created_by, 'createdAt', hub.ms(t.created_at),
  'expiresAt', hub.ms(t.expires_at), 'lastUsedAt', hub.ms(t.last_used_at),
  'revokedBy', t.revoked_by, 'revokedAt', hub.ms(t.revoked_at));

-- Adds a token; the same id again gives the token of that id. So many may be there that are not
-- revoked: each is compared with whatever is shown to the hub.
create function public.hub_token_create(
  p_id text, p_name text, p_role text, p_hash text, p_by text, p_at bigint, p_expires_at bigint default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  token hub.tokens;
begin
  perform pg_advisory_xact_lock(471106, 0);
  select * into token from hub.tokens t where t.id = p_id;
  if found then return hub.token_json(token); end if;
  if exists (select from hub.tokens t where t.name = p_name and t.revoked_at is null) then
    raise exception 'there is a token named %', p_name using errcode = 'PT409', hint = 'name-taken';
  end if;
  if (select count(*) from hub.tokens t where t.revoked_at is null) >= 200 then
    raise exception 'there are 200 tokens' using errcode = 'PT409', hint = 'too-many-tokens';
  end if;
  insert into hub.tokens (id, name, role, hash, created_by, created_at, expires_at)
    values (p_id, p_name, p_role, decode(p_hash, 'hex'), p_by, hub.instant(p_at), hub.instant(p_expires_at))
    returning * into token;
  return hub.token_json(token);
end $$;

-- Revokes a token, for good. Answers it as it is then, null when there is none of that id.
create function public.hub_token_revoke(p_id text, p_by text, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  token hub.tokens;
begin
  update hub.tokens t set revoked_by = p_by, revoked_at = hub.instant(p_at)
    where t.id = p_id and t.revoked_at is null;
  select * into token from hub.tokens t where t.id = p_id;
  return case when found then hub.token_json(token) end;
end $$;

-- Every token that is not revoked, and the newest of the others.
create function public.hub_tokens() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.token_json(k) order by k.revoked_at is not null, k.created_at desc, k.id), '[]')
  from (select t.* from hub.tokens t order by t.revoked_at is not null, t.created_at desc, t.id limit 1000) k
$$;

-- What tells whoever shows a token, for the hub's memory: all tokens that are not revoked.
create function public.hub_token_keys() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'role', t.role,
      'hash', encode(t.hash, 'hex'), 'expiresAt', hub.ms(t.expires_at)) order by t.id), '[]')
  from hub.tokens t where t.revoked_at is null
$$;

-- Notes when tokens were last used: [{id, at}]. Never back.
create function public.hub_tokens_used(p_uses jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  update hub.tokens t set last_used_at = hub.instant(u.at)
    from jsonb_to_recordset(p_uses) as u (id text, at bigint)
    where t.id = u.id and (t.last_used_at is null or t.last_used_at < hub.instant(u.at));
  return 'null';
end $$;

-- Requests that came with a key, each with its answer once there is one, for a day. Time is the
-- database's own, as with leases: hubs share these rows.
create table hub.requests (
  asker text not null check (length(asker) <= 100),
  route text not null check (length(route) <= 200),
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  claim uuid not null,
  claimed_at timestamptz not null,
  answer text,
  primary key (asker, route, key)
);
comment on column hub.requests.fingerprint is 'SHA-256 of what was asked: the same key must not ask for something else.';
comment on column hub.requests.claim is 'Which of several that came with the key is being carried out.';
create index on hub.requests (claimed_at);

-- What is to be done with a request: `new`, carry it out; `busy`, another one with its key is being
-- carried out; `other`, the key has asked for something else; `answered`, say what was answered. Whoever
-- has carried nothing out for p_patience_ms is taken for dead, and the next one may.
create function public.hub_request_begin(
  p_asker text, p_route text, p_key text, p_fingerprint text, p_claim uuid, p_patience_ms int)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  known hub.requests;
  asked bytea := decode(p_fingerprint, 'hex');
begin
  delete from hub.requests r where r.ctid = any (array(
    select o.ctid from hub.requests o where o.claimed_at < clock_timestamp() - interval '24 hours'
    order by o.claimed_at limit 100 for update skip locked));
  delete from hub.requests r where r.asker = p_asker and r.route = p_route and r.key = p_key
    and r.claimed_at < clock_timestamp() - interval '24 hours';
  loop
    insert into hub.requests (asker, route, key, fingerprint, claim, claimed_at)
      values (p_asker, p_route, p_key, asked, p_claim, clock_timestamp())
      on conflict do nothing;
    if found then return jsonb_build_object('state', 'new'); end if;
    select * into known from hub.requests r
      where r.asker = p_asker and r.route = p_route and r.key = p_key for update;
    -- Or it was dropped between the two.
    exit when found;
  end loop;
  if known.fingerprint <> asked then return jsonb_build_object('state', 'other'); end if;
  if known.answer is not null then
    return jsonb_build_object('state', 'answered', 'answer', known.answer);
  end if;
  if known.claim <> p_claim and known.claimed_at >= clock_timestamp() - p_patience_ms * interval '1 ms' then
    return jsonb_build_object('state', 'busy');
  end if;
  update hub.requests r set claim = p_claim, claimed_at = clock_timestamp()
    where r.asker = p_asker and r.route = p_route and r.key = p_key;
  return jsonb_build_object('state', 'new');
end $$;

-- Keeps the answer of a request; without one the request is forgotten, and may be made again. One
-- that another has taken over is left to that one.
create function public.hub_request_end(
  p_asker text, p_route text, p_key text, p_claim uuid, p_answer text default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  if p_answer is null then
    delete from hub.requests r where r.asker = p_asker and r.route = p_route and r.key = p_key
      and r.claim = p_claim and r.answer is null;
  else
    update hub.requests r set answer = p_answer where r.asker = p_asker and r.route = p_route
      and r.key = p_key and r.claim = p_claim and r.answer is null;
  end if;
  return to_jsonb(found);
end $$;

-- They speak of the moment: an export leaves them.
create or replace function hub.travelling() returns table (name text, t regclass)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select n.nspname || '.' || c.relname, c.oid::regclass
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition
    and case n.nspname
      when 'hub' then c.relname <> all (array['leases', 'requests', 'retired_months']) and c.relname !~ '_[0-9]{6}$'
      when 'public' then c.relname like 'fxshinobi\_%'
        and exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
      else false end
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
