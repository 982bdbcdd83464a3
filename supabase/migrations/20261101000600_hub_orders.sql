-- Orders, their fills and the positions that follow from them.

create table hub.orders (
  seq bigint generated always as identity primary key,
  client_order_id text not null unique,
  origin text not null check (origin in ('signal', 'stop-loss', 'take-profit')),
  signal_id text references hub.signals (id),
  portfolio text not null,
  exchange text not null,
  pair text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  reference_price numeric not null,
  strategy text not null,
  stop_loss numeric,
  take_profit numeric,
  created_at timestamptz not null,
  state text not null check (state in ('created', 'unknown', 'open', 'filled', 'cancelled', 'rejected')),
  sent_at timestamptz,
  filled numeric,
  average_price numeric,
  reason text,
  ended_at timestamptz,
  check ((state in ('filled', 'cancelled', 'rejected')) = (ended_at is not null))
);
create index on hub.orders (created_at, seq);
create index on hub.orders (seq) where ended_at is null;

create table hub.fills (
  client_order_id text not null references hub.orders (client_order_id),
  id text not null,
  exchange text not null,
  pair text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  price numeric not null,
  fee numeric not null,
  fee_currency text not null,
  liquidity text not null check (liquidity in ('maker', 'taker')),
  filled_at timestamptz not null,
  primary key (client_order_id, id)
);

create table hub.positions (
  seq bigint generated always as identity primary key,
  id text not null unique,
  exchange text not null,
  pair text not null,
  portfolio text not null,
  strategy text not null,
  quantity numeric not null check (quantity >= 0),
  bought numeric not null,
  cost numeric not null,
  sold numeric not null,
  proceeds numeric not null,
  stop_loss numeric,
  take_profit numeric,
  opened_at timestamptz not null,
  closed_at timestamptz,
  check ((closed_at is not null) = (quantity = 0))
);
create unique index positions_one_open_a_pair on hub.positions (exchange, pair) where closed_at is null;
create index on hub.positions (exchange, pair, closed_at);

create function hub.order_json(o hub.orders) returns jsonb
language sql immutable return jsonb_strip_nulls(jsonb_build_object(
  'clientOrderId', o.client_order_id, 'origin', o.origin, 'signalId', o.signal_id, 'portfolio', o.portfolio,
  'exchange', o.exchange, 'pair', o.pair, 'side', o.side, 'quantity', hub.money(o.quantity),
  'referencePrice', hub.money(o.reference_price), 'strategy', o.strategy, 'stopLoss', hub.money(o.stop_loss),
  'takeProfit', hub.money(o.take_profit), 'createdAt', hub.ms(o.created_at), 'state', o.state,
  'sentAt', hub.ms(o.sent_at), 'filled', hub.money(o.filled), 'averagePrice', hub.money(o.average_price),
  'reason', o.reason, 'endedAt', hub.ms(o.ended_at)));

create function hub.position_json(p hub.positions) returns jsonb
language sql immutable return jsonb_strip_nulls(jsonb_build_object(
  'id', p.id, 'exchange', p.exchange, 'pair', p.pair, 'portfolio', p.portfolio, 'strategy', p.strategy,
  'quantity', hub.money(p.quantity), 'bought', hub.money(p.bought), 'cost', hub.money(p.cost),
  'sold', hub.money(p.sold), 'proceeds', hub.money(p.proceeds), 'stopLoss', hub.money(p.stop_loss),
  'takeProfit', hub.money(p.take_profit), 'openedAt', hub.ms(p.opened_at), 'closedAt', hub.ms(p.closed_at)));

-- Writes an order down before anybody is told of it; the same id again gives the order of that id.
create function public.hub_order_create(p_order jsonb, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  written hub.orders;
  is_new boolean;
begin
  perform hub.hold_risk();
  insert into hub.orders (client_order_id, origin, signal_id, portfolio, exchange, pair, side, quantity,
      reference_price, strategy, stop_loss, take_profit, created_at, state)
    select o."clientOrderId", o.origin, o."signalId", o.portfolio, o.exchange, o.pair, o.side, o.quantity,
      o."referencePrice", o.strategy, o."stopLoss", o."takeProfit", hub.instant(p_at), 'created'
    from jsonb_to_record(p_order) as o (
      "clientOrderId" text, origin text, "signalId" text, portfolio text, exchange text, pair text, side text,
      quantity numeric, "referencePrice" numeric, strategy text, "stopLoss" numeric, "takeProfit" numeric)
  on conflict (client_order_id) do nothing;
  is_new := found;
  select * into written from hub.orders o where o.client_order_id = p_order ->> 'clientOrderId';
  -- An order out of the queue counted as working before; one that protects a position did not.
  if is_new and not exists (select from hub.signal_queue q
    where q.client_order_id = written.client_order_id and q.status <> 'done') then
    perform hub.bump_risk();
  end if;
  return jsonb_build_object('order', hub.order_json(written), 'created', is_new);
end $$;

-- Ends an item of the queue. Only its holder may; the same end again is no news. An item that never
-- became an order gives its money back.
create function public.hub_queue_finish(p_id bigint, p_worker text, p_attempt int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  item hub.signal_queue;
begin
  perform hub.hold_risk();
  select * into item from hub.signal_queue q where q.id = p_id for update;
  if item.id is null or item.worker is distinct from p_worker or item.attempts <> p_attempt
    or item.status = 'pending' then
    raise exception 'item % is not held by % at attempt %', p_id, p_worker, p_attempt
      using errcode = 'PT409', hint = 'stale-claim';
  end if;
  if item.status = 'done' then return 'false'; end if;
  update hub.signal_queue q set status = 'done', lease_until = null where q.id = p_id;
  if not exists (select from hub.orders o where o.client_order_id = item.client_order_id) then
    delete from hub.reservations r where r.client_order_id = item.client_order_id;
    perform hub.bump_risk();
  end if;
  return 'true';
end $$;

create function hub.order_may_become(old text, new text) returns boolean
language sql immutable return case old
  when 'created' then new in ('created', 'unknown', 'open', 'filled', 'cancelled', 'rejected')
  when 'unknown' then true
  when 'open' then new in ('open', 'unknown', 'filled', 'cancelled')
  else new = old end; -- ended: only a fill that the venue told late may still be added

-- What a risk state is made of, read in one snapshot.
create function public.hub_risk_state(p_day_start bigint) returns jsonb
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
    'halted', hub.halted_json(),
    'revision', (select revision from hub.risk))
$$;

create function public.hub_order(p_client_order_id text) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select hub.order_json(o) from hub.orders o where o.client_order_id = p_client_order_id
$$;

create function public.hub_orders(p_limit int, p_working boolean default false, p_before bigint default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.order_json(k.o) order by (k.o).created_at desc, (k.o).seq desc), '[]')
  from (
    select o from hub.orders o
    where (not p_working or o.ended_at is null)
      and (p_before is null or o.created_at < hub.instant(p_before))
    order by o.created_at desc, o.seq desc limit p_limit) k
$$;

create function public.hub_fill_ids(p_client_order_id text) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(f.id order by f.filled_at, f.id), '[]')
  from hub.fills f where f.client_order_id = p_client_order_id
$$;

create function public.hub_positions(p_open boolean, p_limit int) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.position_json(k.p) order by (k.p).opened_at desc, (k.p).seq desc), '[]')
  from (select p from hub.positions p where not p_open or p.closed_at is null
    order by p.opened_at desc, p.seq desc limit p_limit) k
$$;

-- The open position in a pair.
create function public.hub_position(p_exchange text, p_pair text) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select hub.position_json(p) from hub.positions p
  where p.exchange = p_exchange and p.pair = p_pair and p.closed_at is null
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
