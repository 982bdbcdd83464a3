-- The one step that moves an order with its fills, position, cash, reservation and trade row.

-- A trade of the hub is a position; its row has an id that follows from the position's.
create function hub.write_trade(p hub.positions) returns void
language sql set search_path = pg_catalog, hub, pg_temp as $$
  insert into public.fxshinobi_trades (id, symbol, side, size, entry_price, exit_price, stop_loss, take_profit,
      realized_pnl, status, strategy_id, opened_at, closed_at, metadata, created_at, updated_at)
    values (md5('position:' || p.id)::uuid, replace(p.pair, '/', '_'), 'BUY', p.bought,
      round(p.cost / nullif(p.bought, 0), 18), round(p.proceeds / nullif(p.sold, 0), 18),
      p.stop_loss, p.take_profit, case when p.closed_at is not null then p.proceeds - p.cost end,
      case when p.closed_at is null then 'OPEN' else 'CLOSED' end, p.strategy, p.opened_at, p.closed_at,
      jsonb_build_object('exchange', p.exchange, 'pair', p.pair, 'position', p.id,
        'portfolio', p.portfolio, 'source', 'fxshinobi'),
      p.opened_at, coalesce(p.closed_at, p.opened_at))
  on conflict (id) do update set size = excluded.size, entry_price = excluded.entry_price,
    exit_price = excluded.exit_price, stop_loss = excluded.stop_loss, take_profit = excluded.take_profit,
    realized_pnl = excluded.realized_pnl, status = excluded.status, closed_at = excluded.closed_at,
    updated_at = excluded.updated_at
$$;

-- Moves an order on; in the same transaction its fills, position, cash and reservation.
-- p_step: {order, fills, position?, cashDelta, release}. The same step again changes nothing.
create function public.hub_settle(p_step jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  stored hub.orders;
  wished hub.orders;
  placed hub.positions;
  told int := jsonb_array_length(p_step -> 'fills');
  added int;
  cash_delta numeric := (p_step ->> 'cashDelta')::numeric;
  next_state text := p_step #>> '{order,state}';
  moved boolean := false;
begin
  perform hub.hold_risk();
  select * into stored from hub.orders o where o.client_order_id = p_step #>> '{order,clientOrderId}';
  if stored.seq is null then
    raise exception 'no order %', p_step #>> '{order,clientOrderId}' using errcode = 'PT409', hint = 'no-such-order';
  end if;
  if told = 0 and cash_delta <> 0 then
    raise exception 'cash moves with fills only' using errcode = 'PT400', hint = 'cash-without-fills';
  end if;
  insert into hub.fills (client_order_id, id, exchange, pair, side, quantity, price, fee, fee_currency,
      liquidity, filled_at)
    select stored.client_order_id, f.id, f.exchange, f.pair, f.side, f.quantity, f.price, f.fee, f."feeCurrency",
      f.liquidity, hub.instant(f."filledAt")
    from jsonb_to_recordset(p_step -> 'fills') as f (id text, exchange text, pair text,
      side text, quantity numeric, price numeric, fee numeric, "feeCurrency" text, liquidity text,
      "filledAt" bigint)
  on conflict do nothing;
  get diagnostics added = row_count;
  if added not in (0, told) then -- cash and position speak of all of them: some twice would be wrong
    raise exception 'only % of % fills are new', added, told using errcode = 'PT409', hint = 'mixed-fills';
  end if;
  if not hub.order_may_become(stored.state, next_state) then
    if added = 0 and told > 0 then return 'false'; end if; -- an earlier step, told twice
    raise exception 'order % is % and cannot become %', stored.client_order_id, stored.state, next_state
      using errcode = 'PT409', hint = 'order-state';
  end if;
  if added > 0 then
    moved := true;
    update hub.account a set cash = a.cash + cash_delta;
    if not found then
      raise exception 'no account has been opened' using errcode = 'PT409', hint = 'no-account';
    end if;
    if jsonb_typeof(p_step -> 'position') = 'object' then
      placed := hub.write_position(p_step -> 'position');
      perform hub.write_trade(placed);
    end if;
  end if;
  wished := hub.order_after(stored, p_step -> 'order');
  -- Known fills in the same state are a step told twice, perhaps an earlier one: it takes nothing back.
  if wished is distinct from stored and not (told > 0 and added = 0 and stored.state = next_state) then
    moved := true;
    update hub.orders o set state = wished.state, sent_at = wished.sent_at, filled = wished.filled,
      average_price = wished.average_price, reason = wished.reason, ended_at = wished.ended_at
    where o.seq = stored.seq;
  end if;
  if (p_step ->> 'release')::boolean then
    delete from hub.reservations r where r.client_order_id = stored.client_order_id;
    moved := moved or found;
  end if;
  if moved then perform hub.bump_risk(); end if;
  return to_jsonb(moved);
end $$;

-- The row an order becomes: what it was asked for stays, only its state moves.
create function hub.order_after(stored hub.orders, step jsonb) returns hub.orders
language plpgsql immutable set search_path = pg_catalog, hub, pg_temp as $$
begin
  stored.state := step ->> 'state';
  stored.sent_at := hub.instant((step ->> 'sentAt')::bigint);
  stored.filled := (step ->> 'filled')::numeric;
  stored.average_price := (step ->> 'averagePrice')::numeric;
  stored.reason := step ->> 'reason';
  stored.ended_at := hub.instant((step ->> 'endedAt')::bigint);
  return stored;
end $$;

create function hub.write_position(step jsonb) returns hub.positions
language plpgsql set search_path = pg_catalog, hub, pg_temp as $$
declare
  written hub.positions;
begin
  insert into hub.positions (id, exchange, pair, portfolio, strategy, quantity, bought, cost, sold, proceeds,
      stop_loss, take_profit, opened_at, closed_at)
    select p.id, p.exchange, p.pair, p.portfolio, p.strategy, p.quantity, p.bought, p.cost, p.sold, p.proceeds,
      p."stopLoss", p."takeProfit", hub.instant(p."openedAt"), hub.instant(p."closedAt")
    from jsonb_to_record(step) as p (id text, exchange text, pair text, portfolio text, strategy text,
      quantity numeric, bought numeric, cost numeric, sold numeric, proceeds numeric, "stopLoss" numeric,
      "takeProfit" numeric, "openedAt" bigint, "closedAt" bigint)
  on conflict (id) do update set quantity = excluded.quantity, bought = excluded.bought, cost = excluded.cost,
    sold = excluded.sold, proceeds = excluded.proceeds, stop_loss = excluded.stop_loss,
    take_profit = excluded.take_profit, closed_at = excluded.closed_at
  returning * into written;
  return written;
end $$;

-- A trade as people see it; rows of the original engine included. One without an entry price is not
-- a trade yet, and a cancelled one never was.
create function hub.trade_json(t public.fxshinobi_trades) returns jsonb
language sql immutable return jsonb_build_object(
  'id', t.id, 'exchange', coalesce(t.metadata ->> 'exchange', 'oanda'),
  'pair', coalesce(t.metadata ->> 'pair', replace(t.symbol, '_', '/')),
  'side', lower(t.side), 'quantity', hub.money(t.size), 'entryPrice', hub.money(t.entry_price),
  'exitPrice', hub.money(t.exit_price), 'pnl', hub.money(t.realized_pnl), 'status', lower(t.status),
  'strategy', t.strategy_id, 'stopLoss', hub.money(t.stop_loss), 'takeProfit', hub.money(t.take_profit),
  'openedAt', hub.ms(coalesce(t.opened_at, t.created_at)), 'closedAt', hub.ms(t.closed_at));

create function public.hub_trades(p_limit int, p_offset int) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, hub, pg_temp as $$
  with shown as materialized (
    select t, coalesce(t.opened_at, t.created_at) as at from public.fxshinobi_trades t
    where t.entry_price is not null and t.status <> 'CANCELLED')
  select jsonb_build_object('total', (select count(*) from shown), 'trades', (
    select coalesce(jsonb_agg(hub.trade_json(k.t) order by k.at desc, (k.t).id), '[]')
    from (select * from shown s order by s.at desc, (s.t).id limit p_limit offset p_offset) k))
$$;

create function public.hub_trades_closed(p_from bigint, p_to bigint) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, hub, pg_temp as $$
  select coalesce(jsonb_agg(hub.trade_json(t) order by t.closed_at, t.id), '[]')
  from public.fxshinobi_trades t
  where t.status = 'CLOSED' and t.entry_price is not null
    and t.closed_at >= hub.instant(p_from) and t.closed_at < hub.instant(p_to)
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
