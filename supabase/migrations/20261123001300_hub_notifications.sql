-- What people are told outside of the hub, once for each channel. A hub reads the outbox from the place
-- that is noted here, and writes down what it makes of it in the transaction that moves the place on:
-- no fact is made into two notifications, and none is passed over, whichever hub does it. What is
-- written waits until a channel has taken it. Time is the database's own: hubs share these rows.

create table hub.notify_place (
  one boolean primary key default true check (one),
  event_id bigint not null
);
comment on column hub.notify_place.event_id is 'The last event of the outbox that was looked at.';

create table hub.notifications (
  id bigint generated always as identity primary key,
  channel text not null check (length(channel) between 1 and 40),
  key text not null check (length(key) <= 200),
  kind text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  at timestamptz not null,
  body text not null check (length(body) <= 4000),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'dropped')),
  attempts int not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  made_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  claim uuid,
  error text check (length(error) <= 500),
  unique (channel, key)
);
create index notifications_due on hub.notifications (channel, due_at) where state = 'waiting';
create index notifications_made on hub.notifications (made_at);
comment on column hub.notifications.at is 'When it happened, on the hub''s clock.';
comment on column hub.notifications.key is 'Names the fact: the same one is not told twice on a channel.';
comment on column hub.notifications.claim is 'Which try is under way; one that has not ended when it is due again is taken for dead.';

-- Where to read on in the outbox. The first time that is its end: old news are none.
create function public.hub_notify_place() returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  place bigint;
begin
  insert into hub.notify_place (event_id)
    select coalesce((select o.id from hub.outbox o order by o.xact desc, o.id desc limit 1), 0)
    where not exists (select from hub.notify_place)
    on conflict do nothing;
  select p.event_id into place from hub.notify_place p;
  return to_jsonb(place);
end $$;

-- Writes notifications down: [{channel, key, kind, severity, at, body}]. With p_upto the place moves on
-- from p_from; false, and nothing is written, when another hub has moved it.
create function public.hub_notify_add(p_rows jsonb, p_from bigint default null, p_upto bigint default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  if p_upto is not null then
    update hub.notify_place p set event_id = p_upto where p.event_id = p_from;
    if not found then return 'false'; end if;
  end if;
  insert into hub.notifications (channel, key, kind, severity, at, body)
    select r.channel, r.key, r.kind, r.severity, hub.instant(r.at), left(r.body, 4000)
    from jsonb_to_recordset(p_rows)
      as r (channel text, key text, kind text, severity text, at bigint, body text)
    on conflict do nothing;
  delete from hub.notifications n where n.ctid = any (array(
    select o.ctid from hub.notifications o
    where o.made_at < clock_timestamp() - interval '30 days'
    order by o.made_at limit 100 for update skip locked));
  return 'true';
end $$;

create function hub.notification_json(n hub.notifications) returns jsonb
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_build_object('id', n.id, 'channel', n.channel, 'key', n.key, 'kind', n.kind,
    'severity', n.severity, 'at', hub.ms(n.at), 'body', n.body, 'state', n.state, 'attempts', n.attempts,
    'ageMs', (extract(epoch from clock_timestamp() - n.made_at) * 1000)::bigint, 'error', n.error)
$$;

-- Takes what a channel is due to be told, the oldest first, for as long as a try may last. Who takes
-- them counts as having tried: a process that dies on it has not tried for nothing. What has waited
-- for p_patience_ms is given up, and counted.
create function public.hub_notify_claim(
  p_channel text, p_claim uuid, p_limit int, p_hold_ms int, p_patience_ms bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  answer jsonb;
  given_up int;
begin
  update hub.notifications n set state = 'dropped', ended_at = clock_timestamp(), claim = null,
    error = coalesce(n.error, 'it waited too long')
  where n.channel = p_channel and n.state = 'waiting' and n.due_at <= clock_timestamp()
    and n.made_at < clock_timestamp() - p_patience_ms * interval '1 ms';
  get diagnostics given_up = row_count;
  with due as (
    select d.id from hub.notifications d
    where d.channel = p_channel and d.state = 'waiting' and d.due_at <= clock_timestamp()
    order by d.id limit p_limit for update skip locked),
  taken as (
    update hub.notifications n set claim = p_claim, attempts = n.attempts + 1,
      due_at = clock_timestamp() + p_hold_ms * interval '1 ms'
    from due where n.id = due.id returning n)
  select coalesce(jsonb_agg(hub.notification_json(t.n) order by (t.n).id), '[]') into answer from taken t;
  return jsonb_build_object('dropped', given_up, 'taken', answer);
end $$;

-- What became of a try with some of what was taken: `sent`, `dropped`, or `waiting` for another one after
-- p_wait_ms. A claim that another has taken over changes nothing.
create function public.hub_notify_done(
  p_claim uuid, p_ids jsonb, p_state text, p_wait_ms bigint, p_error text default null)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  update hub.notifications n set state = p_state, error = left(p_error, 500), claim = null,
    due_at = clock_timestamp() + p_wait_ms * interval '1 ms',
    ended_at = case when p_state <> 'waiting' then clock_timestamp() end
  where n.claim = p_claim and n.state = 'waiting'
    and n.id = any (array(select (i.id #>> '{}')::bigint from jsonb_array_elements(p_ids) as i (id)));
  return to_jsonb(found);
end $$;

-- How many wait, by channel.
create function public.hub_notify_waiting() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_object_agg(k.channel, k.waiting), '{}')
  from (select n.channel, count(*) as waiting from hub.notifications n
    where n.state = 'waiting' group by n.channel) k
$$;

-- The newest first.
create function public.hub_notifications(p_limit int, p_before bigint default null) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.notification_json(k.n) order by (k.n).id desc), '[]')
  from (
    select n from hub.notifications n
    where p_before is null or n.id < p_before
    order by n.id desc limit p_limit) k
$$;

-- They speak of the moment: an export leaves them.
create or replace function hub.travelling() returns table (name text, t regclass)
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select n.nspname || '.' || c.relname, c.oid::regclass
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition
    and case n.nspname
      when 'hub' then c.relname <> all (array['leases', 'requests', 'retired_months', 'notify_place', 'notifications'])
        and c.relname !~ '_[0-9]{6}$'
      when 'public' then c.relname like 'fxshinobi\_%'
        and exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
      else false end
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
