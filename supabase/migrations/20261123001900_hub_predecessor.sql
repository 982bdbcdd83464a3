-- A hub that starts in the data folder of a dead one takes over that one's leases, and nobody else's.

drop function public.hub_lease_acquire(text, uuid, text, int, boolean);

-- Takes a lease that nobody holds, or prolongs one's own. Asked for in vain, it leaves word of that
-- for the holder. p_force takes it from a holder who is known to be dead, whoever that is;
-- p_predecessor from that one alone.
create function public.hub_lease_acquire(
  p_name text, p_holder uuid, p_instance text, p_ttl_ms int, p_force boolean default false,
  p_predecessor uuid default null)
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
  where l.holder = excluded.holder or l.expires_at <= clock_timestamp() or p_force or l.holder = p_predecessor
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

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
