-- Lists page by page, by the row that the last page ended with: what was created in one moment must
-- not fall between two pages.

drop function public.hub_orders(int, boolean, bigint);
drop function public.hub_positions(boolean, int);
drop function public.hub_queue_list(int);

-- Orders, newest first; those behind the order p_before.
create function public.hub_orders(p_limit int, p_working boolean default false, p_before text default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.order_json(k.o) order by (k.o).created_at desc, (k.o).seq desc), '[]')
  from (
    select o from hub.orders o
    where (not p_working or o.ended_at is null)
      and (p_before is null or (o.created_at, o.seq) <
        (select b.created_at, b.seq from hub.orders b where b.client_order_id = p_before))
    order by o.created_at desc, o.seq desc limit p_limit) k
$$;

-- Positions, newest first; those behind the position p_before.
create function public.hub_positions(p_open boolean, p_limit int, p_before text default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.position_json(k.p) order by (k.p).opened_at desc, (k.p).seq desc), '[]')
  from (
    select p from hub.positions p
    where (not p_open or p.closed_at is null)
      and (p_before is null or (p.opened_at, p.seq) <
        (select b.opened_at, b.seq from hub.positions b where b.id = p_before))
    order by p.opened_at desc, p.seq desc limit p_limit) k
$$;

-- What was accepted, newest first; what is numbered below p_before.
create function public.hub_queue_list(p_limit int, p_before bigint default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.queue_json(k.q) order by (k.q).id desc), '[]')
  from (
    select q from hub.signal_queue q
    where p_before is null or q.id < p_before
    order by q.id desc limit p_limit) k
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
