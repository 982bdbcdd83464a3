-- The story of one candle: what was raised on it, decided, ordered, filled and held because of it.

-- The position that an order opened, added to or sold from. A pair has one open position at a time,
-- so it is the order's own, or else the newest that was open before the order was written down.
create function hub.position_of(o hub.orders) returns text
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(
    (select p.id from hub.positions p where p.id = o.client_order_id),
    (select p.id from hub.positions p
     where p.exchange = o.exchange and p.pair = o.pair and p.opened_at <= o.created_at
     order by p.opened_at desc, p.seq desc limit 1))
$$;

-- The signal behind an order. A stop or target has none of its own: behind it stands the signal whose
-- order opened the position, since a position has its opening order's name.
create function hub.signal_behind(o hub.orders) returns text
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(o.signal_id, (
    select x.signal_id from hub.orders x where x.client_order_id = hub.position_of(o)))
$$;

-- The candle that a signal or an order came of, by the id of either; null for an id of neither.
create function public.hub_origin(p_id text) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_build_object('exchange', s.exchange, 'pair', s.pair, 'tf', s.tf, 'openTime', hub.ms(s.open_time))
  from hub.signals s
  where s.id = coalesce(
    (select hub.signal_behind(o) from hub.orders o where o.client_order_id = p_id),
    (select q.signal_id from hub.signal_queue q where q.client_order_id = p_id),
    p_id)
$$;

-- All that the hub keeps of one candle and of what came of it, in one snapshot.
create function public.hub_trace(p_exchange text, p_pair text, p_tf smallint, p_open bigint) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  with raised as materialized (
    select s from hub.signals s
    where s.exchange = p_exchange and s.pair = p_pair and s.tf = p_tf and s.open_time = hub.instant(p_open)),
  own as materialized (
    select o from hub.orders o where o.signal_id in (select (r.s).id from raised r)),
  -- Stops and targets of the positions that these opened. Positions go by the exchange's clock, orders by
  -- ours: the minute allows for the difference, and spares a look at all later orders.
  exits as materialized (
    select o from hub.positions p
    join hub.orders o on o.exchange = p.exchange and o.pair = p.pair and o.signal_id is null
      and o.created_at between p.opened_at and coalesce(p.closed_at + interval '1 minute', 'infinity')
    where p.id in (select (x.o).client_order_id from own x) and hub.position_of(o) = p.id),
  placed as materialized (select o from own union all select o from exits),
  done as materialized (
    select f from hub.fills f where f.client_order_id in (select (x.o).client_order_id from placed x)),
  touched as materialized (
    select p from hub.positions p
    where p.id in (
      select hub.position_of(x.o) from placed x
      where exists (select from done d where (d.f).client_order_id = (x.o).client_order_id)))
  select jsonb_build_object(
    'candle', (
      select jsonb_build_object('open', c.open, 'high', c.high, 'low', c.low, 'close', c.close,
        'volume', c.volume, 'source', c.source, 'attempt', c.attempt, 'revision', c.revision,
        'fetchedAt', hub.ms(c.fetched_at))
      from hub.series x join hub.candles c on c.tf = x.tf and c.series_id = x.id
      where x.exchange = p_exchange and x.pair = p_pair and x.tf = p_tf
        and c.tf = p_tf and c.open_time = hub.instant(p_open)),
    'gap', (
      select jsonb_build_object('state', g.state, 'reason', g.reason, 'attempts', g.attempts,
        'noticedAt', hub.ms(g.noticed_at), 'settledAt', hub.ms(g.settled_at))
      from hub.series x join hub.gaps g on g.series_id = x.id
      where x.exchange = p_exchange and x.pair = p_pair and x.tf = p_tf and g.open_time = hub.instant(p_open)),
    'signals', (
      select coalesce(jsonb_agg(jsonb_build_object('seq', (r.s).seq, 'signal', hub.signal_json(r.s),
        'verdict', hub.verdict_json(v)) order by (r.s).seq), '[]')
      from raised r left join hub.verdicts v on v.signal_id = (r.s).id),
    'queue', (
      select coalesce(jsonb_agg(hub.queue_json(q) order by q.id), '[]')
      from hub.signal_queue q where q.signal_id in (select (r.s).id from raised r)),
    'orders', (
      select coalesce(jsonb_agg(hub.order_json(x.o) order by (x.o).created_at, (x.o).seq), '[]') from placed x),
    'fills', (
      select coalesce(jsonb_agg(jsonb_build_object('id', (d.f).id, 'clientOrderId', (d.f).client_order_id,
        'exchange', (d.f).exchange, 'pair', (d.f).pair, 'side', (d.f).side,
        'quantity', hub.money((d.f).quantity), 'price', hub.money((d.f).price), 'fee', hub.money((d.f).fee),
        'feeCurrency', (d.f).fee_currency, 'liquidity', (d.f).liquidity, 'filledAt', hub.ms((d.f).filled_at))
        order by (d.f).filled_at, (d.f).id), '[]') from done d),
    'positions', (
      select coalesce(jsonb_agg(hub.position_json(t.p) order by (t.p).seq), '[]') from touched t))
$$;

create index on hub.signals (exchange, pair, tf, open_time);

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
