-- Claims end with the fence behind which they were made: whoever trades next takes them up at once.

alter table hub.signal_queue add column epoch bigint;
comment on column hub.signal_queue.epoch is 'Of the traders'' lease behind which the item was claimed.';

-- Takes up to n waiting items. What a worker let lie past its time goes to the next, and so does what
-- was claimed behind an earlier fence: its worker is dead, or may no longer act on it.
create or replace function public.hub_queue_claim(
  p_worker text, p_n int, p_visibility_ms int, p_lease text, p_epoch bigint)
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  answer jsonb;
begin
  perform hub.hold_lease(p_lease, p_epoch);
  with due as (
    select q.id from hub.signal_queue q
    where q.status = 'pending' or (q.status = 'claimed'
      and (q.lease_until < clock_timestamp() or q.epoch is distinct from p_epoch))
    order by q.id limit p_n for update skip locked),
  claimed as (
    update hub.signal_queue q set status = 'claimed', worker = p_worker, attempts = q.attempts + 1,
      lease_until = clock_timestamp() + p_visibility_ms * interval '1 ms', epoch = p_epoch
    from due where q.id = due.id returning q)
  select coalesce(jsonb_agg(hub.queue_json(c.q) order by (c.q).id), '[]') into answer from claimed c;
  return answer;
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
