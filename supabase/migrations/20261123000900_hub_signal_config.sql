-- Each signal names the configuration that made its strategy run.

alter table hub.signals add column config jsonb;
comment on column hub.signals.config is
  'Name, version and origin of the configuration; null for signals from before it was noted: the settings.';

create or replace function hub.signal_json(s hub.signals) returns jsonb
language sql immutable return jsonb_strip_nulls(jsonb_build_object(
  'id', s.id, 'exchange', s.exchange, 'pair', s.pair, 'tf', s.tf, 'openTime', hub.ms(s.open_time),
  'closeTime', hub.ms(s.close_time), 'strategy', s.strategy, 'strategyVersion', s.strategy_version,
  'side', s.side, 'strength', s.strength, 'price', hub.money(s.price), 'stopLoss', hub.money(s.stop_loss),
  'takeProfit', hub.money(s.take_profit), 'raisedAt', hub.ms(s.raised_at),
  'missingInWindow', s.missing_in_window,
  'config', s.config)) || jsonb_build_object('evidence', s.evidence);

-- Stores signals with verdicts, and in the same transaction queues what was accepted and sets its
-- money aside. p_decisions: [{signal, verdict, order?}], each as the domain writes it, the series of
-- the signal as exchange, pair and tf. Answers the ids that were decided now, and of those that had
-- their verdict already when it was given: after a lost answer the caller knows its own by that.
create or replace function public.hub_decide(p_decisions jsonb, p_revision bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  current bigint := hub.hold_risk();
  earlier jsonb;
  fresh jsonb;
  decided jsonb;
  accepted int;
begin
  select coalesce(jsonb_agg(jsonb_build_object('id', v.signal_id, 'decidedAt', hub.ms(v.decided_at))), '[]')
    into earlier from hub.verdicts v
    where v.signal_id in (select e #>> '{signal,id}' from jsonb_array_elements(p_decisions) e);
  select jsonb_agg(d.e) into fresh from (
    select distinct on (e #>> '{signal,id}') e
    from jsonb_array_elements(p_decisions) with ordinality as x (e, n)
    where not exists (select from hub.verdicts v where v.signal_id = e #>> '{signal,id}')
    order by e #>> '{signal,id}', n) d;
  if fresh is null then
    return jsonb_build_object('decided', '[]'::jsonb, 'earlier', earlier);
  end if;
  -- A refusal promises nothing: it may rest on a state that has moved on.
  if current <> p_revision and exists (select from jsonb_array_elements(fresh) e where e ? 'order') then
    raise exception 'the risk state moved from % to %', p_revision, current
      using errcode = 'PT409', hint = 'stale-revision';
  end if;
  if exists (select from jsonb_array_elements(fresh) e
    where ((e #>> '{verdict,decision}') = 'accepted') <> (jsonb_typeof(e -> 'order') is not distinct from 'object')) then
    raise exception 'an order belongs to each accepted signal and to no other'
      using errcode = 'PT400', hint = 'order-and-verdict-differ';
  end if;
  insert into hub.signals (id, exchange, pair, tf, open_time, close_time, strategy, strategy_version,
      side, strength, price, stop_loss, take_profit, evidence, raised_at, missing_in_window, config)
    select s.id, s.exchange, s.pair, s.tf, hub.instant(s."openTime"), hub.instant(s."closeTime"), s.strategy,
      s."strategyVersion", s.side, s.strength, s.price, s."stopLoss", s."takeProfit", s.evidence,
      hub.instant(s."raisedAt"), s."missingInWindow", s.config
    from jsonb_array_elements(fresh) e, jsonb_to_record(e -> 'signal') as s (
      id text, exchange text, pair text, tf smallint, "openTime" bigint, "closeTime" bigint, strategy text,
      "strategyVersion" text, side text, strength float8, price numeric, "stopLoss" numeric,
      "takeProfit" numeric, evidence jsonb, "raisedAt" bigint, "missingInWindow" int, config jsonb)
    order by hub.instant(s."raisedAt"), s.id
  on conflict (id) do nothing;
  with given as (
    insert into hub.verdicts (signal_id, portfolio, decision, quantity, reserved_quote, reasons, checks, decided_at)
      select v."signalId", v.portfolio, v.decision, v.quantity, v."reservedQuote",
        coalesce(v.reasons, '{}'), v.checks, hub.instant(v."decidedAt")
      from jsonb_array_elements(fresh) e, jsonb_to_record(e -> 'verdict') as v (
        "signalId" text, portfolio text, decision text, quantity numeric, "reservedQuote" numeric,
        reasons text[], checks jsonb, "decidedAt" bigint)
    returning signal_id, decision)
  select jsonb_agg(g.signal_id), count(*) filter (where g.decision = 'accepted') into decided, accepted from given g;
  if accepted > 0 then
    insert into hub.signal_queue (signal_id, client_order_id, payload, enqueued_at)
      select e #>> '{signal,id}', e #>> '{order,clientOrderId}', e -> 'order',
        hub.instant((e #>> '{verdict,decidedAt}')::bigint)
      from jsonb_array_elements(fresh) e where e ? 'order' order by e #>> '{verdict,decidedAt}';
    insert into hub.reservations (client_order_id, amount)
      select e #>> '{order,clientOrderId}', (e #>> '{verdict,reservedQuote}')::numeric
      from jsonb_array_elements(fresh) e
      where e ? 'order' and (e #>> '{verdict,reservedQuote}')::numeric > 0;
    perform hub.bump_risk();
  end if;
  return jsonb_build_object('decided', decided, 'earlier', earlier);
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
