-- What the account was worth, day by day in UTC: what every figure of performance is measured on. And what
-- was brought in or taken out, which is no result.

-- What all fills did to the cash. Cash less this and less the first cash was brought in by somebody.
alter table hub.account add column traded numeric not null default 0;
comment on column hub.account.traded is 'What all fills did to the cash, quote currency.';

-- What a fill does to the cash: a buy takes its value, a sell brings it, a fee in the same currency costs.
create function hub.cash_of(side text, quantity numeric, price numeric, fee numeric, fee_currency text, pair text)
returns numeric
language sql immutable set search_path = pg_catalog, hub, pg_temp as $$
  select case side when 'buy' then -1 else 1 end * quantity * price
    - case when fee_currency = split_part(pair, '/', 2) then fee else 0 end
$$;

update hub.account set traded = coalesce((
  select sum(hub.cash_of(f.side, f.quantity, f.price, f.fee, f.fee_currency, f.pair)) from hub.fills f), 0);

create function hub.count_fills() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  if hub.importing() then return null; end if; -- the account comes with its sum
  update hub.account a set traded = a.traded + n.cash
    from (select sum(hub.cash_of(f.side, f.quantity, f.price, f.fee, f.fee_currency, f.pair)) as cash
      from fresh_fills f) n
    where n.cash is not null;
  return null;
end $$;
create trigger fills_are_counted after insert on hub.fills
  referencing new table as fresh_fills for each statement execute function hub.count_fills();

create table hub.equity (
  account text not null,
  day date not null,
  open numeric not null,
  high numeric not null,
  low numeric not null,
  close numeric not null,
  brought_in numeric not null,
  marked_at timestamptz not null,
  primary key (account, day)
);
comment on column hub.equity.account is 'The broker that holds it.';
comment on column hub.equity.open is 'The last mark before the day; of the first day the starting cash.';
comment on column hub.equity.close is 'The last mark so far.';
comment on column hub.equity.brought_in is 'Money brought in less money taken out, from the beginning to the last mark; the starting cash is not part of it.';

-- An account that is older than this table: what it was worth before its day is not known.
insert into hub.equity (account, day, open, high, low, close, brought_in, marked_at)
  select a.broker, (a.day_start at time zone 'UTC')::date, a.day_start_equity, a.day_start_equity,
    a.day_start_equity, a.day_start_equity, a.cash - a.starting_cash - a.traded, a.day_start
  from hub.account a;

-- Notes a mark on its day. The same mark again, or one that comes late, changes no close.
create function hub.mark_day(worth numeric, marked timestamptz) returns void
language sql set search_path = pg_catalog, hub, pg_temp as $$
  insert into hub.equity as e (account, day, open, high, low, close, brought_in, marked_at)
    select a.broker, d.day, o.open, greatest(o.open, worth), least(o.open, worth), worth,
      a.cash - a.starting_cash - a.traded, marked
    from hub.account a
      cross join lateral (select (marked at time zone 'UTC')::date as day) d
      cross join lateral (select coalesce((select x.close from hub.equity x
        where x.account = a.broker and x.day < d.day order by x.day desc limit 1), a.starting_cash) as open) o
  on conflict (account, day) do update set
    high = greatest(e.high, excluded.close), low = least(e.low, excluded.close),
    close = case when excluded.marked_at >= e.marked_at then excluded.close else e.close end,
    brought_in = case when excluded.marked_at >= e.marked_at then excluded.brought_in else e.brought_in end,
    marked_at = greatest(e.marked_at, excluded.marked_at)
$$;

-- Marks the account to market: its day is noted, the peak rises, a new UTC day starts at this equity.
create or replace function public.hub_account_mark(equity text, at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  worth numeric := equity::numeric;
  today timestamptz := date_trunc('day', hub.instant(at), 'UTC');
begin
  perform hub.mark_day(worth, hub.instant(at));
  if not exists (select from hub.account a where worth > a.peak_equity or today > a.day_start) then
    return 'false'; -- most marks change no more: no lock, no stale decision
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

-- Days of the account in their order: those behind p_after, or from the last one that began before p_from,
-- since a period opens at the close before it. `flow` is what was brought in on the day.
create function public.hub_equity(p_from bigint, p_limit int, p_after bigint default null) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'day', hub.ms(d.day::timestamp at time zone 'UTC'), 'open', hub.money(d.open), 'high', hub.money(d.high),
      'low', hub.money(d.low), 'close', hub.money(d.close), 'flow', hub.money(d.flow),
      'markedAt', hub.ms(d.marked_at)) order by d.day), '[]')
  from (
    select e.*, e.brought_in - coalesce((select x.brought_in from hub.equity x
        where x.account = e.account and x.day < e.day order by x.day desc limit 1), 0) as flow
    from hub.equity e join hub.account a on a.broker = e.account
    where case when p_after is not null
      then e.day > (hub.instant(p_after) at time zone 'UTC')::date
      else e.day >= coalesce((select max(x.day) from hub.equity x where x.account = e.account
        and x.day < (hub.instant(p_from) at time zone 'UTC')::date), '-infinity') end
    order by e.day limit p_limit) d
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
