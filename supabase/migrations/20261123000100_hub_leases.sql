-- Who may do what several hubs on one database must never do together: poll an exchange's series,
-- take orders from the queue and place them. Time is the database's own, so that no two machines
-- have to agree on theirs.

-- A row stays for ever: its epoch must never be given out twice.
create table hub.leases (
  name text primary key check (name ~ '^[a-z][a-z0-9:-]{0,63}$'),
  holder uuid not null,
  instance text not null check (length(instance) <= 200),
  epoch bigint not null,
  expires_at timestamptz not null,
  sought_until timestamptz
);
comment on table hub.leases is 'A lease is held by one hub until it expires. The epoch rises with each change of hands and with each taking after an end.';
comment on column hub.leases.instance is 'The holder as people know it.';
comment on column hub.leases.sought_until is 'Another hub has asked for the lease, and goes on asking at least until then.';

-- Takes a lease that nobody holds, or prolongs one's own. Asked for in vain, it leaves word of that
-- for the holder. p_force takes it from a holder who is known to be dead.
create function public.hub_lease_acquire(
  p_name text, p_holder uuid, p_instance text, p_ttl_ms int, p_force boolean default false)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  ttl interval := p_ttl_ms * interval '1 ms';
  held hub.leases;
begin
  insert into hub.leases as l (name, holder, instance, epoch, expires_at)
    values (p_name, p_holder, p_instance, 1, clock_timestamp() + ttl)
  on conflict (name) do update set
    holder = excluded.holder, instance = excluded.instance, expires_at = excluded.expires_at,
    epoch = l.epoch + case when l.holder = excluded.holder and l.expires_at > clock_timestamp() then 0 else 1 end
  where l.holder = excluded.holder or l.expires_at <= clock_timestamp() or p_force
  returning * into held;
  if not found then
    -- Half a life ahead is word enough: hubs in wait do not write with every look.
    update hub.leases l set sought_until = clock_timestamp() + ttl
      where l.name = p_name and (l.sought_until is null or l.sought_until < clock_timestamp() + ttl / 2);
    select * into held from hub.leases l where l.name = p_name;
  end if;
  return jsonb_build_object(
    'held', held.holder = p_holder, 'epoch', held.epoch, 'instance', held.instance,
    'leftMs', hub.lease_left_ms(held), 'sought', coalesce(held.sought_until > clock_timestamp(), false));
end $$;

create function hub.lease_left_ms(x hub.leases) returns bigint
language sql volatile return greatest(0, extract(epoch from x.expires_at - clock_timestamp()) * 1000)::bigint;

-- Gives a lease back. The epoch keeps a late repeat from ending a newer hold.
create function public.hub_lease_release(p_name text, p_holder uuid, p_epoch bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  update hub.leases l set expires_at = clock_timestamp()
    where l.name = p_name and l.holder = p_holder and l.epoch = p_epoch and l.expires_at > clock_timestamp();
  return to_jsonb(found);
end $$;

-- Every lease there ever was; one with no time left is held by nobody.
create function public.hub_leases() returns jsonb
language sql volatile security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('name', l.name, 'holder', l.holder, 'instance', l.instance,
      'epoch', l.epoch, 'leftMs', hub.lease_left_ms(l)) order by l.name), '[]')
  from hub.leases l
$$;

-- The fence: what follows in this transaction is done by the holder of a lease, or not at all. The
-- share lock keeps anybody from taking the lease over before the transaction ends.
create function hub.hold_lease(p_lease text, p_epoch bigint) returns void
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform 1 from hub.leases l
    where l.name = p_lease and l.epoch = p_epoch and l.expires_at > clock_timestamp() for share;
  if not found then
    raise exception 'lease % is not held at epoch %', p_lease, p_epoch
      using errcode = 'PT409', hint = 'lease-lost';
  end if;
end $$;

-- Taking from the queue and writing an order down are fenced. What a venue has done may always be
-- settled: it is a fact, and told twice it changes nothing. Candles are not fenced at all: a hub that
-- wakes up late writes what another has written, or what that one may well have.
drop function public.hub_queue_claim(text, int, int);
create function public.hub_queue_claim(
  p_worker text, p_n int, p_visibility_ms int, p_lease text, p_epoch bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  answer jsonb;
begin
  perform hub.hold_lease(p_lease, p_epoch);
  with due as (
    select q.id from hub.signal_queue q
    where q.status = 'pending' or (q.status = 'claimed' and q.lease_until < clock_timestamp())
    order by q.id limit p_n for update skip locked),
  claimed as (
    update hub.signal_queue q set status = 'claimed', worker = p_worker, attempts = q.attempts + 1,
      lease_until = clock_timestamp() + p_visibility_ms * interval '1 ms'
    from due where q.id = due.id returning q)
  select coalesce(jsonb_agg(hub.queue_json(c.q) order by (c.q).id), '[]') into answer from claimed c;
  return answer;
end $$;

-- Writes an order down before anybody is told of it; the same id again gives the order of that id.
drop function public.hub_order_create(jsonb, bigint);
create function public.hub_order_create(p_order jsonb, p_at bigint, p_lease text, p_epoch bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  written hub.orders;
  is_new boolean;
begin
  perform hub.hold_lease(p_lease, p_epoch);
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

-- Settles an order behind the fence: for a step that rests on what the hub knows, and not on the
-- venue's word alone.
create function public.hub_settle_held(p_step jsonb, p_lease text, p_epoch bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform hub.hold_lease(p_lease, p_epoch);
  return public.hub_settle(p_step);
end $$;

-- A word that changes with the watchlist, so that a hub learns cheaply what was changed through
-- another. It is made of the list itself: a counter could be read before an earlier change commits.
create function public.hub_watch_revision() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select to_jsonb(md5(coalesce(string_agg(w.portfolio || ' ' || w.series_id, ',' order by w.portfolio, w.series_id), '')))
  from hub.active_watchlist w
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
