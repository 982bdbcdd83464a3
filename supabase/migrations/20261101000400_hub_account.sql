-- The account, the halts, and the revision that ties a decision to the state it was made on.

-- One row. Whoever changes what the Gatekeeper measures takes it first, so that such changes happen
-- one after the other and a decision on an older state is seen to be one.
create table hub.risk (
  single boolean primary key default true check (single),
  revision bigint not null default 1
);
insert into hub.risk default values;

create function hub.hold_risk() returns bigint
language sql set search_path = pg_catalog, hub, pg_temp as $$
  select revision from hub.risk for update
$$;

create function hub.bump_risk() returns void
language sql set search_path = pg_catalog, hub, pg_temp as $$
  update hub.risk set revision = revision + 1
$$;

create table hub.account (
  single boolean primary key default true check (single),
  broker text not null,
  currency text not null,
  cash numeric not null,
  starting_cash numeric not null,
  peak_equity numeric not null,
  day_start_equity numeric not null,
  day_start timestamptz not null
);
comment on column hub.account.cash is 'Quote currency, reserved money included. May fall below zero when fills cost more than was set aside.';

-- Money set aside for an accepted signal until its order ends.
create table hub.reservations (
  client_order_id text primary key,
  amount numeric not null check (amount > 0)
);

create table hub.halts (
  id bigint generated always as identity primary key,
  by text not null,
  reason text not null,
  at timestamptz not null,
  resumed_by text,
  resumed_at timestamptz
);
create unique index halts_one_at_a_time on hub.halts ((true)) where resumed_at is null;

create function hub.account_json() returns jsonb
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_build_object('broker', a.broker, 'currency', a.currency, 'cash', hub.money(a.cash),
    'reserved', hub.money(coalesce((select sum(amount) from hub.reservations), 0)),
    'startingCash', hub.money(a.starting_cash), 'peakEquity', hub.money(a.peak_equity),
    'dayStartEquity', hub.money(a.day_start_equity), 'dayStart', hub.ms(a.day_start))
  from hub.account a
$$;

create function hub.halted_json() returns jsonb
language sql stable set search_path = pg_catalog, hub, pg_temp as $$
  select jsonb_build_object('by', h.by, 'reason', h.reason, 'at', hub.ms(h.at))
  from hub.halts h where h.resumed_at is null
$$;

-- Opens the account with its first cash; one that is there stays as it is.
create function public.hub_account_open(broker text, currency text, cash text, at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform hub.hold_risk();
  insert into hub.account (broker, currency, cash, starting_cash, peak_equity, day_start_equity, day_start)
    select $1, $2, $3::numeric, $3::numeric, $3::numeric, $3::numeric,
      date_trunc('day', hub.instant($4), 'UTC')
    on conflict do nothing;
  if found then perform hub.bump_risk(); end if;
  return hub.account_json();
end $$;

create function public.hub_account() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  answer jsonb := hub.account_json();
begin
  if answer is null then
    raise exception 'no account has been opened' using errcode = 'PT409', hint = 'no-account';
  end if;
  return answer;
end $$;

-- Marks the account to market: the peak rises, and a new UTC day starts at this equity.
create function public.hub_account_mark(equity text, at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  worth numeric := equity::numeric;
  today timestamptz := date_trunc('day', hub.instant(at), 'UTC');
begin
  if not exists (select from hub.account a where worth > a.peak_equity or today > a.day_start) then
    return 'false'; -- most marks change nothing: no lock, no write, no stale decision
  end if;
  perform hub.hold_risk();
  update hub.account a set
    peak_equity = greatest(a.peak_equity, worth),
    day_start_equity = case when today > a.day_start then worth else a.day_start_equity end,
    day_start = greatest(a.day_start, today)
  where worth > a.peak_equity or today > a.day_start;
  if found then perform hub.bump_risk(); end if;
  return to_jsonb(found);
end $$;

-- Stops the trading. A halt that stands already keeps its reason.
create function public.hub_halt(by text, reason text, at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform hub.hold_risk();
  insert into hub.halts (by, reason, at) values ($1, $2, hub.instant($3)) on conflict do nothing;
  if found then perform hub.bump_risk(); end if;
  return to_jsonb(found);
end $$;

create function public.hub_resume(by text, at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
begin
  perform hub.hold_risk();
  update hub.halts h set resumed_by = $1, resumed_at = hub.instant($2) where h.resumed_at is null;
  if found then perform hub.bump_risk(); end if;
  return to_jsonb(found);
end $$;

create function public.hub_halted() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select hub.halted_json()
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
