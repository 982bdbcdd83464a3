-- Orders page by page: orders of one millisecond must not fall between two pages.

drop function public.hub_orders(int, boolean, bigint);

-- Orders, newest first; those behind the order p_before, whatever was created in the same moment.
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

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
