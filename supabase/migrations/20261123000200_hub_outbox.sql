-- Facts for whoever comes later. Each is written in the transaction that made it true: none is lost
-- with a process, and none is told that did not happen. Triggers write them, once for each statement
-- that changed something, so that no function has to remember to tell.
--
-- Candles have no trigger: there are too many, and each is its own record, with its instant, its
-- source and its place in the chain. A signal is told of with its verdict, which is given in the
-- same transaction. An import of a whole database (hub.importing) brings its events along.

create table hub.outbox (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  kind text not null,
  subject text not null,
  payload jsonb not null,
  key text,
  xact xid8 not null default pg_current_xact_id()
);
create index outbox_order on hub.outbox (xact, id);
create unique index outbox_key on hub.outbox (key) where key is not null;
comment on column hub.outbox.at is 'When it happened, on the hub''s clock.';
comment on column hub.outbox.kind is 'A kind of HubEvent in src/market/events.ts; the payload has its fields, as far as the row knows them.';
comment on column hub.outbox.subject is 'What it is about: a signal, an order, a position, a series, an actor.';
comment on column hub.outbox.key is 'Chosen by whoever adds a fact that no table holds, so that adding it twice adds it once.';
comment on column hub.outbox.xact is 'The transaction that wrote it; readers are told in the order of this and id.';

-- The word for a length of candles, in minutes, that stands in a column: 15m, 4h.
create function hub.timeframe_sql(p_column text) returns text
language sql immutable return replace('case when tf < 60 then tf::text || ''m'' when tf < 1440 then (tf / 60)::text || ''h''
  when tf < 10080 then (tf / 1440)::text || ''d'' else (tf / 10080)::text || ''w'' end', 'tf', p_column);

do $$
begin
  execute 'create function hub.timeframe(tf smallint) returns text language sql immutable return '
    || hub.timeframe_sql('tf');
end $$;

-- A series as events carry it, and its name: binance:BTC/USDT:15m.
create function hub.series_fact(exchange text, pair text, tf smallint) returns jsonb
language sql stable return jsonb_build_object('exchange', exchange, 'pair', pair, 'timeframe', hub.timeframe(tf));

create function hub.series_name(exchange text, pair text, tf smallint) returns text
language sql immutable return exchange || ':' || pair || ':' || hub.timeframe(tf);

-- The signal of each verdict is looked up by itself: the plan of a join, made while the table was
-- small and kept by the session, would read all signals later.
create function hub.tell_verdicts() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select v.decided_at, 'verdict-given', v.signal_id, jsonb_build_object(
      'signalId', v.signal_id, 'series', hub.series_fact(s.exchange, s.pair, s.tf), 'strategy', s.strategy,
      'side', s.side, 'decision', v.decision, 'reasons', to_jsonb(v.reasons))
    from fresh v cross join lateral (
      select x.seq, x.exchange, x.pair, x.tf, x.strategy, x.side from hub.signals x where x.id = v.signal_id limit 1) s
    order by s.seq;
  return null;
end $$;
create trigger tell after insert on hub.verdicts
  referencing new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_verdicts();

create function hub.tell_orders() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select o.created_at, 'order-changed', o.client_order_id, jsonb_build_object(
      'clientOrderId', o.client_order_id, 'exchange', o.exchange, 'pair', o.pair, 'side', o.side, 'state', o.state)
    from fresh o order by o.seq;
  return null;
end $$;
create trigger tell_created after insert on hub.orders
  referencing new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_orders();

create function hub.tell_moved_orders() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select coalesce(o.ended_at, o.sent_at, o.created_at), 'order-changed', o.client_order_id,
      jsonb_strip_nulls(jsonb_build_object('clientOrderId', o.client_order_id, 'exchange', o.exchange,
        'pair', o.pair, 'side', o.side, 'state', o.state, 'reason', o.reason))
    from fresh o join stale s on s.seq = o.seq where o.state <> s.state order by o.seq;
  return null;
end $$;
create trigger tell_moved after update on hub.orders
  referencing old table as stale new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_moved_orders();

create function hub.tell_fills() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select f.filled_at, 'order-filled', f.client_order_id, jsonb_build_object(
      'clientOrderId', f.client_order_id, 'exchange', f.exchange, 'pair', f.pair, 'side', f.side,
      'quantity', hub.money(f.quantity), 'price', hub.money(f.price), 'fee', hub.money(f.fee))
    from fresh f order by f.filled_at, f.id;
  return null;
end $$;
create trigger tell after insert on hub.fills
  referencing new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_fills();

-- A position begins with a purchase, so it is never closed at once.
create function hub.tell_closed_positions() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select p.closed_at, 'position-closed', p.id, jsonb_build_object(
      'exchange', p.exchange, 'pair', p.pair, 'pnl', hub.money(p.proceeds - p.cost))
    from fresh p join stale s on s.seq = p.seq
    where p.closed_at is not null and s.closed_at is null order by p.seq;
  return null;
end $$;
create trigger tell after update on hub.positions
  referencing old table as stale new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_closed_positions();

-- What became of a missing candle. Gaps are written one by one, so their triggers are too. A candle
-- that was waited for is given up when the next one closes: its row does not say when that was.
create function hub.tell_gap() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select
      case when new.settled_at is not null then new.settled_at when tg_op = 'INSERT' then new.noticed_at
        else greatest(new.noticed_at, new.open_time + 2 * x.tf * interval '1 minute') end,
      case new.state when 'pending' then 'retry-pending' when 'missing' then 'gap-opened'
        when 'healed' then 'gap-healed' else 'gap-confirmed-empty' end,
      hub.series_name(x.exchange, x.pair, x.tf),
      jsonb_strip_nulls(jsonb_build_object('series', hub.series_fact(x.exchange, x.pair, x.tf),
        'openTime', hub.ms(new.open_time), 'reason', case new.state when 'pending' then new.reason end))
    from hub.series x where x.id = new.series_id;
  return null;
end $$;
create trigger tell_noticed after insert on hub.gaps for each row
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_gap();
create trigger tell_moved after update on hub.gaps for each row
  when (new.state <> old.state) execute function hub.tell_gap();

create function hub.tell_watch_changes() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select c.at, 'series-' || c.change, hub.series_name(x.exchange, x.pair, x.tf), jsonb_build_object(
      'series', hub.series_fact(x.exchange, x.pair, x.tf), 'portfolio', c.portfolio, 'by', c.by)
    from fresh c join hub.series x on x.id = c.series_id order by c.id;
  return null;
end $$;
create trigger tell after insert on hub.watchlist_history
  referencing new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_watch_changes();

create function hub.tell_halts() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select h.at, 'trading-halted', 'trading', jsonb_build_object('by', h.by, 'reason', h.reason)
    from fresh h order by h.id;
  return null;
end $$;
create trigger tell_halted after insert on hub.halts
  referencing new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_halts();

create function hub.tell_resumed() returns trigger
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
begin
  insert into hub.outbox (at, kind, subject, payload)
    select h.resumed_at, 'trading-resumed', 'trading', jsonb_build_object('by', h.resumed_by)
    from fresh h join stale s on s.id = h.id where h.resumed_at is not null and s.resumed_at is null order by h.id;
  return null;
end $$;
create trigger tell_resumed after update on hub.halts
  referencing old table as stale new table as fresh for each statement
  when (current_setting('hub.importing', true) is distinct from 'on') execute function hub.tell_resumed();

-- A document without what looks like a credential: texts below a telling name, logins inside of
-- addresses. Numbers and switches stay, whatever they are called.
create function hub.redacted(doc jsonb, is_telling boolean default false) returns jsonb
language plpgsql immutable set search_path = pg_catalog, hub, pg_temp as $$
begin
  return case jsonb_typeof(doc)
    when 'object' then (
      select coalesce(jsonb_object_agg(e.key, hub.redacted(e.value, is_telling
        or e.key ~* '(key|secret|token|passw|passphrase|credential|auth)')), '{}') from jsonb_each(doc) e)
    when 'array' then (
      select coalesce(jsonb_agg(hub.redacted(e.value, is_telling) order by e.place), '[]')
      from jsonb_array_elements(doc) with ordinality as e (value, place))
    when 'string' then case when is_telling then to_jsonb('<redacted>'::text)
      else to_jsonb(regexp_replace(doc #>> '{}', '(://[^[:space:]:/@]*:)[^[:space:]@]+@', '\1<redacted>@', 'g')) end
    else doc end;
end $$;

-- Adds facts that no table holds, such as an actor that was parked. p_events: [{key, at, kind,
-- subject, payload}]; one whose key is known is known already. Answers how many were new.
create function public.hub_outbox_add(p_events jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  added int;
begin
  if exists (select from jsonb_array_elements(p_events) e where e ->> 'key' is null) then
    raise exception 'an event without a key would be added again' using errcode = 'PT400', hint = 'key-missing';
  end if;
  insert into hub.outbox (at, kind, subject, payload, key)
    select hub.instant((e.fact ->> 'at')::bigint), e.fact ->> 'kind', e.fact ->> 'subject',
      hub.redacted(e.fact -> 'payload'), e.fact ->> 'key'
    from jsonb_array_elements(p_events) with ordinality as e (fact, place) order by e.place
  on conflict (key) where key is not null do nothing;
  get diagnostics added = row_count;
  return to_jsonb(added);
end $$;

-- The events after one that the reader has (0: from the first that is kept). Nothing is skipped and
-- nothing told twice: an id is given out before its transaction commits, so a lower one may come to
-- light after a higher one. Therefore the order is that of the transactions' numbers, then of ids,
-- and it ends before the oldest transaction that still runs, behind which anything may still come.
create function public.hub_outbox_after(p_after bigint, p_limit int) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  last_seen hub.outbox;
begin
  if p_after > 0 then
    select * into last_seen from hub.outbox o where o.id = p_after;
    if not found then
      raise exception 'event % is not kept: what came after it cannot be told', p_after
        using errcode = 'PT409', hint = 'event-gone';
    end if;
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'at', hub.ms(k.at), 'kind', k.kind,
      'subject', k.subject, 'payload', k.payload) order by k.xact, k.id), '[]')
    from (
      select o.* from hub.outbox o
      where (o.xact, o.id) > (coalesce(last_seen.xact, '0'), coalesce(last_seen.id, 0))
        and o.xact < pg_snapshot_xmin(pg_current_snapshot())
      order by o.xact, o.id limit p_limit) k);
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
