-- Halts of a part: one exchange, pair, strategy or portfolio, in four modes, for one of six causes.

alter table hub.halts
  add column scope text not null default 'global'
    check (scope in ('global', 'exchange', 'pair', 'strategy', 'portfolio')),
  add column exchange text,
  add column pair text,
  add column strategy text,
  add column portfolio text,
  add column mode text not null default 'reduce-only'
    check (mode in ('no-entries', 'reduce-only', 'flatten', 'quarantine')),
  add column cause text not null default 'operator'
    check (cause in ('operator', 'daily-loss', 'drawdown', 'stale-data', 'clock-skew', 'reconciliation')),
  add column superseded boolean not null default false,
  add constraint halts_scope_is_named check (case scope
    when 'global' then num_nonnulls(exchange, pair, strategy, portfolio) = 0
    when 'exchange' then exchange is not null and num_nonnulls(pair, strategy, portfolio) = 0
    when 'pair' then num_nonnulls(exchange, pair) = 2 and num_nonnulls(strategy, portfolio) = 0
    when 'strategy' then strategy is not null and num_nonnulls(exchange, pair, portfolio) = 0
    else portfolio is not null and num_nonnulls(exchange, pair, strategy) = 0 end);
comment on column hub.halts.superseded is 'Ended by a halt of the same scope and cause in another mode, not by going on.';

drop index hub.halts_one_at_a_time;
create unique index halts_one_for_each_cause on hub.halts (scope, (coalesce(exchange, '')), (coalesce(pair, '')),
  (coalesce(strategy, '')), (coalesce(portfolio, '')), cause) where resumed_at is null;

-- What a halt is about, as the hub writes it: {kind} and the names that go with it.
create function hub.halt_scope(h hub.halts) returns jsonb
language sql immutable set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('kind', h.scope, 'exchange', h.exchange, 'pair', h.pair,
    'strategy', h.strategy, 'portfolio', h.portfolio))
$$;

create function hub.halts_json() returns jsonb
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('scope', hub.halt_scope(h), 'mode', h.mode, 'cause', h.cause,
    'by', h.by, 'reason', h.reason, 'at', hub.ms(h.at)) order by h.id), '[]')
  from hub.halts h where h.resumed_at is null
$$;

-- Whether a halt is about exactly this.
create function hub.is_halt_of(h hub.halts, p_scope jsonb) returns boolean
language sql immutable set search_path = pg_catalog, hub, pg_temp as $$
  select hub.halt_scope(h) = p_scope
$$;

drop function public.hub_halt(text, text, bigint);
drop function public.hub_resume(text, bigint);
drop function public.hub_halted();

-- Holds a part back, or everything. One that stands in the same mode keeps its reason; in another
-- mode the new one takes its place. Answers whether one stood, and whether this changed anything.
create function public.hub_halt(
  p_scope jsonb, p_mode text, p_cause text, p_by text, p_reason text, p_at bigint
) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  stood hub.halts;
begin
  perform hub.hold_risk();
  select * into stood from hub.halts h
    where h.resumed_at is null and h.cause = p_cause and hub.is_halt_of(h, p_scope);
  if stood.mode = p_mode then
    return jsonb_build_object('before', true, 'changed', false);
  end if;
  update hub.halts h set resumed_by = p_by, resumed_at = hub.instant(p_at), superseded = true where h.id = stood.id;
  insert into hub.halts (scope, exchange, pair, strategy, portfolio, mode, cause, by, reason, at)
    values (p_scope ->> 'kind', p_scope ->> 'exchange', p_scope ->> 'pair', p_scope ->> 'strategy',
      p_scope ->> 'portfolio', p_mode, p_cause, p_by, p_reason, hub.instant(p_at));
  perform hub.bump_risk();
  return jsonb_build_object('before', stood.id is not null, 'changed', true);
end $$;

-- Lets a part go on: ends what holds back exactly this, for one cause or for any.
-- Answers how many halts that ended.
create function public.hub_resume(p_scope jsonb, p_by text, p_at bigint, p_cause text default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  ended int;
begin
  perform hub.hold_risk();
  update hub.halts h set resumed_by = p_by, resumed_at = hub.instant(p_at)
    where h.resumed_at is null and (p_cause is null or h.cause = p_cause) and hub.is_halt_of(h, p_scope);
  get diagnostics ended = row_count;
  if ended > 0 then perform hub.bump_risk(); end if;
  return to_jsonb(ended);
end $$;

create function public.hub_halts() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select hub.halts_json()
$$;

-- As it was, with every halt that stands in place of the one.
create or replace function public.hub_risk_state(p_day_start bigint) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_build_object(
    'account', hub.account_json(),
    'positions', (select coalesce(jsonb_agg(hub.position_json(p) order by p.seq), '[]')
      from hub.positions p where p.closed_at is null),
    'working', (
      select coalesce(jsonb_agg(w.o || jsonb_build_object('reservedQuote', hub.money(coalesce(r.amount, 0)))
          order by w.o ->> 'clientOrderId'), '[]')
      from (
        select q.payload as o from hub.signal_queue q
        where q.status <> 'done'
          and not exists (select from hub.orders x where x.client_order_id = q.client_order_id)
        union all
        select hub.order_json(x) from hub.orders x where x.ended_at is null) w
      left join hub.reservations r on r.client_order_id = w.o ->> 'clientOrderId'),
    'tradesToday', (select count(*) from hub.verdicts v
      where v.decision = 'accepted' and v.decided_at >= hub.instant(p_day_start)),
    'lastClosedAt', (select coalesce(jsonb_object_agg(k.name, hub.ms(k.at)), '{}') from (
      select p.exchange || ':' || p.pair as name, max(p.closed_at) as at
      from hub.positions p where p.closed_at is not null group by 1) k),
    'halts', hub.halts_json(),
    'revision', (select revision from hub.risk))
$$;

drop function hub.halted_json();

create or replace function hub.tell_halts() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select h.at, 'trading-halted', 'trading', jsonb_build_object('by', h.by, 'reason', h.reason,
      'scope', hub.halt_scope(h::hub.halts), 'mode', h.mode, 'cause', h.cause)
    from fresh h order by h.id;
  return null;
end $$;

create or replace function hub.tell_resumed() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select h.resumed_at, 'trading-resumed', 'trading', jsonb_build_object('by', h.resumed_by,
      'scope', hub.halt_scope(h::hub.halts), 'mode', h.mode, 'cause', h.cause)
    from fresh h join stale s on s.id = h.id
    where h.resumed_at is not null and s.resumed_at is null and not h.superseded order by h.id;
  return null;
end $$;

-- A position may be ended because of a halt.
alter table hub.orders drop constraint orders_origin_check;
alter table hub.orders add constraint orders_origin_check
  check (origin in ('signal', 'stop-loss', 'take-profit', 'flatten'));

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
