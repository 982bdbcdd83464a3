-- What the paper venue knows: its own word on every order, and what it holds for us. Apart from the hub's books, so
-- that the two can be compared, as with a real venue.

create table hub.paper_orders (
  client_order_id text primary key,
  exchange text not null,
  pair text not null,
  at timestamptz not null,
  outcome jsonb not null
);
comment on table hub.paper_orders is 'The paper venue''s word on each order that reached it; the first one stays.';

create table hub.paper_holdings (
  exchange text not null,
  pair text not null,
  quantity numeric not null,
  primary key (exchange, pair)
);
comment on column hub.paper_holdings.quantity is 'Base asset. Below zero only if somebody sold behind our back.';

-- An account of before holds there what the books say.
insert into hub.paper_holdings (exchange, pair, quantity)
  select p.exchange, p.pair, sum(p.quantity) from hub.positions p where p.closed_at is null group by 1, 2;

-- The venue takes an order: its word and what that does to its holdings, in one step. Answers the word that stands.
create function public.hub_paper_keep(p_order jsonb, p_outcome jsonb, p_at bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  moved numeric;
begin
  insert into hub.paper_orders (client_order_id, exchange, pair, at, outcome)
    values (p_order ->> 'clientOrderId', p_order ->> 'exchange', p_order ->> 'pair', hub.instant(p_at), p_outcome)
    on conflict do nothing;
  if found then
    select coalesce(sum((f ->> 'quantity')::numeric), 0) into moved
      from jsonb_array_elements(coalesce(p_outcome -> 'fills', '[]')) f;
    if moved > 0 then
      insert into hub.paper_holdings as h (exchange, pair, quantity)
        values (p_order ->> 'exchange', p_order ->> 'pair', case p_order ->> 'side' when 'buy' then moved else -moved end)
        on conflict (exchange, pair) do update set quantity = h.quantity + excluded.quantity;
    end if;
  end if;
  return (select o.outcome from hub.paper_orders o where o.client_order_id = p_order ->> 'clientOrderId');
end $$;

create function public.hub_paper_find(p_client_order_id text) returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select o.outcome from hub.paper_orders o where o.client_order_id = p_client_order_id
$$;

create function public.hub_paper_holdings() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('exchange', h.exchange, 'pair', h.pair, 'quantity', hub.money(h.quantity))
    order by h.exchange, h.pair), '[]')
  from hub.paper_holdings h where h.quantity <> 0
$$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
