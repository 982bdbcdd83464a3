-- A gap keeps why it came about when it heals, and says whether its opportunity was gone by then.

alter table hub.gaps add column discarded_at timestamptz;
comment on column hub.gaps.discarded_at is
  'When the window of the candle was over without it: no signal ever comes of it. Null while it runs, and when the candle came within it.';
comment on column hub.gaps.reason is 'Why the candle lacked, as was found last; kept when the gap heals.';

-- Of those that were closed before, nobody wrote down when: when they were noticed is the nearest.
update hub.gaps set discarded_at = noticed_at where state = 'missing';

-- Writes notes, columns as arrays. Answers the indexes of those that changed something.
-- A gap moves forward only: pending, then missing, then empty. Healed ends it, an empty one as well: a
-- candle that is only late looks like one the venue does not have. A candle that is stored is no gap,
-- however long the note of it was on its way.
create or replace function public.hub_gaps_note(
  s int[], t bigint[], state text[], reason text[], attempts int[], at bigint[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  n record;
  changed bigint[] := '{}'; -- grows in place, unlike jsonb: a long hole is thousands of notes
begin
  for n in -- in the order of keys, so that two callers cannot lock each other out; then as handed in
    select u.*, x.tf, u.ordinality - 1 as i from unnest(s, t, state, reason, attempts, at)
      with ordinality as u (s, t, state, reason, attempts, at) left join hub.series x on x.id = u.s
    order by u.s, u.t, u.ordinality
  loop
    if n.state = 'healed' then -- what never was a gap has nothing to heal
      update hub.gaps g set state = 'healed', attempts = greatest(g.attempts, n.attempts),
          settled_at = hub.instant(n.at),
          discarded_at = coalesce(g.discarded_at, -- nobody was there at the next close to say so
            case when hub.instant(n.at) >= g.open_time + make_interval(mins => 2 * n.tf)
              then g.open_time + make_interval(mins => 2 * n.tf) end)
        where g.series_id = n.s and g.open_time = hub.instant(n.t) and g.state <> 'healed';
    else
      continue when exists (select from hub.candles k
        where k.tf = n.tf and k.series_id = n.s and k.open_time = hub.instant(n.t));
      insert into hub.gaps as g
          (series_id, open_time, state, reason, attempts, noticed_at, settled_at, discarded_at)
        values (n.s, hub.instant(n.t), n.state, n.reason, n.attempts, hub.instant(n.at),
          case when n.state = 'empty' then hub.instant(n.at) end,
          case when n.state = 'missing' then hub.instant(n.at) end)
      on conflict (series_id, open_time) do update set
        state = excluded.state, reason = excluded.reason,
        attempts = greatest(g.attempts, excluded.attempts), settled_at = excluded.settled_at,
        discarded_at = coalesce(g.discarded_at, excluded.discarded_at)
      where hub.gap_rank(excluded.state) > hub.gap_rank(g.state)
        or (excluded.state = g.state and hub.gap_rank(g.state) < 2
          and (excluded.attempts > g.attempts or excluded.reason <> g.reason));
    end if;
    if found then changed := changed || n.i; end if;
  end loop;
  return to_jsonb(changed);
end $$;

create or replace function public.hub_gaps_list(
  p_limit int, p_state text default null, p_exchange text default null, p_pair text default null,
  p_tf smallint default null, p_before bigint default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'exchange', k.exchange, 'pair', k.pair, 'tf', k.tf,
      'openTime', hub.ms(k.open_time), 'state', k.state, 'reason', k.reason, 'attempts', k.attempts,
      'noticedAt', hub.ms(k.noticed_at), 'settledAt', hub.ms(k.settled_at),
      'discardedAt', hub.ms(k.discarded_at)) order by k.id desc), '[]')
  from (
    select g.*, x.exchange, x.pair, x.tf from hub.gaps g join hub.series x on x.id = g.series_id
    where (p_state is null or g.state = p_state)
      and (p_exchange is null or (x.exchange = p_exchange and x.pair = p_pair and x.tf = p_tf))
      and (p_before is null or g.id < p_before)
    order by g.id desc limit p_limit) k
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
