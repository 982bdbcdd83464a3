-- Candles that did not come in time, and what became of them.

create table hub.gaps (
  id bigint generated always as identity primary key,
  series_id int not null references hub.series (id),
  open_time timestamptz not null,
  state text not null check (state in ('pending', 'missing', 'empty', 'healed')),
  reason text not null,
  attempts int not null check (attempts >= 0),
  noticed_at timestamptz not null,
  settled_at timestamptz,
  unique (series_id, open_time)
);
create index on hub.gaps (state, id);
comment on column hub.gaps.settled_at is 'When the gap turned out empty or healed; such a gap never changes again.';

-- pending, then missing, then empty or healed. A gap moves forward only.
create function hub.gap_rank(state text) returns int
language sql immutable return case state when 'pending' then 0 when 'missing' then 1 else 2 end;

-- Writes notes, columns as arrays. Answers the indexes of those that changed something.
create function public.hub_gaps_note(
  s int[], t bigint[], state text[], reason text[], attempts int[], at bigint[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  n record;
  changed jsonb := '[]';
begin
  for n in -- in the order of keys, so that two callers cannot lock each other out; then as handed in
    select u.*, ordinality - 1 as i from unnest(s, t, state, reason, attempts, at)
      with ordinality as u (s, t, state, reason, attempts, at) order by u.s, u.t, ordinality
  loop
    if n.state = 'healed' then -- what never was a gap has nothing to heal
      update hub.gaps g set state = 'healed', reason = n.reason, attempts = greatest(g.attempts, n.attempts),
          settled_at = hub.instant(n.at)
        where g.series_id = n.s and g.open_time = hub.instant(n.t) and hub.gap_rank(g.state) < 2;
    else
      insert into hub.gaps as g (series_id, open_time, state, reason, attempts, noticed_at, settled_at)
        values (n.s, hub.instant(n.t), n.state, n.reason, n.attempts, hub.instant(n.at),
          case when n.state = 'empty' then hub.instant(n.at) end)
      on conflict (series_id, open_time) do update set
        state = excluded.state, reason = excluded.reason,
        attempts = greatest(g.attempts, excluded.attempts), settled_at = excluded.settled_at
      where hub.gap_rank(excluded.state) > hub.gap_rank(g.state)
        or (excluded.state = g.state and hub.gap_rank(g.state) < 2
          and (excluded.attempts > g.attempts or excluded.reason <> g.reason));
    end if;
    if found then changed := changed || to_jsonb(n.i); end if;
  end loop;
  return changed;
end $$;

create function public.hub_gaps_list(
  p_limit int, p_state text default null, p_exchange text default null, p_pair text default null,
  p_tf smallint default null, p_before bigint default null)
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'exchange', k.exchange, 'pair', k.pair, 'tf', k.tf,
      'openTime', hub.ms(k.open_time), 'state', k.state, 'reason', k.reason, 'attempts', k.attempts,
      'noticedAt', hub.ms(k.noticed_at), 'settledAt', hub.ms(k.settled_at)) order by k.id desc), '[]')
  from (
    select g.*, x.exchange, x.pair, x.tf from hub.gaps g join hub.series x on x.id = g.series_id
    where (p_state is null or g.state = p_state)
      and (p_exchange is null or (x.exchange = p_exchange and x.pair = p_pair and x.tf = p_tf))
      and (p_before is null or g.id < p_before)
    order by g.id desc limit p_limit) k
$$;

create function public.hub_gaps_open_times(p_series int, p_from bigint, p_to bigint, p_states text[])
returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.ms(g.open_time) order by g.open_time), '[]') from hub.gaps g
  where g.series_id = p_series and g.state = any (p_states)
    and g.open_time between hub.instant(p_from) and hub.instant(p_to)
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
