-- Signals, the verdict on each, and the queue of those that shall become orders.

create table hub.signals (
  seq bigint generated always as identity primary key,
  id text not null unique,
  exchange text not null,
  pair text not null,
  tf smallint not null,
  open_time timestamptz not null,
  close_time timestamptz not null,
  strategy text not null,
  strategy_version text not null,
  side text not null check (side in ('buy', 'sell')),
  strength float8 not null,
  price numeric not null,
  stop_loss numeric,
  take_profit numeric,
  evidence jsonb not null,
  raised_at timestamptz not null,
  missing_in_window int not null
);
create index on hub.signals (exchange, pair, tf, seq);

create table hub.verdicts (
  signal_id text primary key references hub.signals (id),
  portfolio text not null,
  decision text not null check (decision in ('accepted', 'refused')),
  quantity numeric,
  reserved_quote numeric,
  reasons text[] not null,
  checks jsonb not null,
  decided_at timestamptz not null,
  check ((decision = 'accepted') = (quantity is not null and reserved_quote is not null))
);
create index on hub.verdicts (decided_at) where decision = 'accepted';

create table hub.signal_queue (
  id bigint generated always as identity primary key,
  signal_id text not null unique references hub.verdicts (signal_id),
  client_order_id text not null unique,
  payload jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'claimed', 'done')),
  worker text,
  attempts int not null default 0,
  lease_until timestamptz,
  enqueued_at timestamptz not null
);
create index on hub.signal_queue (id) where status <> 'done';

create function hub.signal_json(s hub.signals) returns jsonb
language sql immutable return jsonb_strip_nulls(jsonb_build_object(
  'id', s.id, 'exchange', s.exchange, 'pair', s.pair, 'tf', s.tf, 'openTime', hub.ms(s.open_time),
  'closeTime', hub.ms(s.close_time), 'strategy', s.strategy, 'strategyVersion', s.strategy_version,
  'side', s.side, 'strength', s.strength, 'price', hub.money(s.price), 'stopLoss', hub.money(s.stop_loss),
  'takeProfit', hub.money(s.take_profit), 'raisedAt', hub.ms(s.raised_at),
  'missingInWindow', s.missing_in_window)) || jsonb_build_object('evidence', s.evidence);

create function hub.verdict_json(v hub.verdicts) returns jsonb
language sql immutable return case when v.signal_id is null then null else jsonb_build_object(
  'signalId', v.signal_id, 'portfolio', v.portfolio, 'decision', v.decision,
  'quantity', hub.money(v.quantity), 'reservedQuote', hub.money(v.reserved_quote),
  'reasons', to_jsonb(v.reasons), 'checks', v.checks, 'decidedAt', hub.ms(v.decided_at)) end;

create function hub.queue_json(q hub.signal_queue) returns jsonb
language sql immutable return jsonb_build_object(
  'id', q.id, 'signalId', q.signal_id, 'order', q.payload, 'attempts', q.attempts,
  'enqueuedAt', hub.ms(q.enqueued_at), 'status', q.status);

-- Stores signals with verdicts, and in the same transaction queues what was accepted and sets its
-- money aside. p_decisions: [{signal, verdict, order?}], each as the domain writes it, the series of
-- the signal as exchange, pair and tf. Answers the ids that were decided now.
create function public.hub_decide(p_decisions jsonb, p_revision bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  current bigint := hub.hold_risk();
  fresh jsonb;
  answer jsonb;
  accepted int;
begin
  select jsonb_agg(d.e) into fresh from (
    select distinct on (e #>> '{signal,id}') e
    from jsonb_array_elements(p_decisions) with ordinality as x (e, n)
    where not exists (select from hub.verdicts v where v.signal_id = e #>> '{signal,id}')
    order by e #>> '{signal,id}', n) d;
  if fresh is null then return '[]'; end if; -- a repeat after a lost answer: all is done already
  -- A refusal promises nothing: it may rest on a state that has moved on.
  if current <> p_revision and exists (select from jsonb_array_elements(fresh) e where e ? 'order') then
    raise exception 'the risk state moved from % to %', p_revision, current
      using errcode = 'PT409', hint = 'stale-revision';
  end if;
  if exists (select from jsonb_array_elements(fresh) e
    where ((e #>> '{verdict,decision}') = 'accepted') <> (jsonb_typeof(e -> 'order') is not distinct from 'object')) then
    raise exception 'an order belongs to each accepted signal and to no other'
      using errcode = 'PT400', hint = 'order-and-verdict-differ';
  end if;
  insert into hub.signals (id, exchange, pair, tf, open_time, close_time, strategy, strategy_version,
      side, strength, price, stop_loss, take_profit, evidence, raised_at, missing_in_window)
    select s.id, s.exchange, s.pair, s.tf, hub.instant(s."openTime"), hub.instant(s."closeTime"), s.strategy,
      s."strategyVersion", s.side, s.strength, s.price, s."stopLoss", s."takeProfit", s.evidence,
      hub.instant(s."raisedAt"), s."missingInWindow"
    from jsonb_array_elements(fresh) e, jsonb_to_record(e -> 'signal') as s (
      id text, exchange text, pair text, tf smallint, "openTime" bigint, "closeTime" bigint, strategy text,
      "strategyVersion" text, side text, strength float8, price numeric, "stopLoss" numeric,
      "takeProfit" numeric, evidence jsonb, "raisedAt" bigint, "missingInWindow" int)
    order by hub.instant(s."raisedAt"), s.id
  on conflict (id) do nothing;
  with given as (
    insert into hub.verdicts (signal_id, portfolio, decision, quantity, reserved_quote, reasons, checks, decided_at)
      select v."signalId", v.portfolio, v.decision, v.quantity, v."reservedQuote",
        coalesce(v.reasons, '{}'), v.checks, hub.instant(v."decidedAt")
      from jsonb_array_elements(fresh) e, jsonb_to_record(e -> 'verdict') as v (
        "signalId" text, portfolio text, decision text, quantity numeric, "reservedQuote" numeric,
        reasons text[], checks jsonb, "decidedAt" bigint)
    returning signal_id, decision)
  select jsonb_agg(g.signal_id), count(*) filter (where g.decision = 'accepted') into answer, accepted from given g;
  if accepted > 0 then
    insert into hub.signal_queue (signal_id, client_order_id, payload, enqueued_at)
      select e #>> '{signal,id}', e #>> '{order,clientOrderId}', e -> 'order',
        hub.instant((e #>> '{verdict,decidedAt}')::bigint)
      from jsonb_array_elements(fresh) e where e ? 'order' order by e #>> '{verdict,decidedAt}';
    insert into hub.reservations (client_order_id, amount)
      select e #>> '{order,clientOrderId}', (e #>> '{verdict,reservedQuote}')::numeric
      from jsonb_array_elements(fresh) e
      where e ? 'order' and (e #>> '{verdict,reservedQuote}')::numeric > 0;
    perform hub.bump_risk();
  end if;
  return answer;
end $$;

-- Takes up to n waiting items; what a worker let lie past its time goes to the next.
create function public.hub_queue_claim(p_worker text, p_n int, p_visibility_ms int) returns jsonb
language sql security definer set search_path = pg_catalog, hub, pg_temp as $$
  with due as (
    select q.id from hub.signal_queue q
    where q.status = 'pending' or (q.status = 'claimed' and q.lease_until < clock_timestamp())
    order by q.id limit p_n for update skip locked),
  claimed as (
    update hub.signal_queue q set status = 'claimed', worker = p_worker, attempts = q.attempts + 1,
      lease_until = clock_timestamp() + p_visibility_ms * interval '1 ms'
    from due where q.id = due.id returning q)
  select coalesce(jsonb_agg(hub.queue_json(c.q) order by (c.q).id), '[]') from claimed c
$$;

create function public.hub_queue_list(p_limit int) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.queue_json(k.q) order by (k.q).id desc), '[]')
  from (select q from hub.signal_queue q order by q.id desc limit p_limit) k
$$;

create function public.hub_signals(
  p_limit int, p_before bigint default null, p_exchange text default null, p_pair text default null,
  p_tf smallint default null, p_decision text default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('seq', (k.s).seq, 'signal', hub.signal_json(k.s),
      'verdict', hub.verdict_json(k.v)) order by (k.s).seq desc), '[]')
  from (
    select s, v from hub.signals s left join hub.verdicts v on v.signal_id = s.id
    where (p_before is null or s.seq < p_before)
      and (p_exchange is null or (s.exchange = p_exchange and s.pair = p_pair and s.tf = p_tf))
      and (p_decision is null or v.decision = p_decision)
    order by s.seq desc limit p_limit) k
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
