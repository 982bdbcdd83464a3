-- The candles as they were written, hash by hash, for whoever wants to prove them without trusting
-- the functions that wrote them.

-- Every series that was ever followed, with what its chain must end in, and the hashes on which rows
-- stand whose predecessors were removed by retention.
create function public.hub_ledger_series() returns jsonb
language sql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', x.id, 'exchange', x.exchange, 'pair', x.pair, 'tf', x.tf, 'candles', x.candles,
      'seq', x.chain_seq, 'head', encode(x.chain_head, 'base64'), 'anchors', (
        select coalesce(jsonb_agg(jsonb_build_object('seq', a.chain_seq, 'hash', encode(a.hash, 'base64'))
          order by a.chain_seq), '[]')
        from hub.chain_anchors a where a.series_id = x.id)) order by x.exchange, x.pair, x.tf), '[]')
  from hub.series x
$$;

-- Rows of a series after a place, older forms of revised candles included, ordered by open time and
-- revision, as columns. Instants keep their fractions, so that an altered one cannot hide in rounding.
create function public.hub_ledger_rows(
  p_series int, p_tf smallint, p_limit int, p_after bigint default null, p_after_revision smallint default 0)
returns json
language plpgsql stable security definer set search_path = pg_catalog, hub, pg_temp as $$
declare
  start timestamptz := coalesce(hub.instant(p_after), '-infinity');
begin
  return (
    select json_build_object(
      't', json_agg(extract(epoch from k.open_time) * 1000), 'o', json_agg(k.open), 'h', json_agg(k.high),
      'l', json_agg(k.low), 'c', json_agg(k.close), 'v', json_agg(k.volume),
      'fetched', json_agg(extract(epoch from k.fetched_at) * 1000), 'source', json_agg(k.source),
      'attempt', json_agg(k.attempt), 'revision', json_agg(k.revision), 'seq', json_agg(k.chain_seq),
      'hash', json_agg(encode(k.hash, 'base64')), 'newest', json_agg(k.is_newest))
    from (
      select u.* from (
        (select x.open_time, x.open, x.high, x.low, x.close, x.volume, x.fetched_at, x.source, x.attempt,
            x.revision, x.chain_seq, x.hash, true as is_newest
          from hub.candles x
          where x.tf = p_tf and x.series_id = p_series and x.open_time >= start
            and (x.open_time > start or x.revision > p_after_revision)
          order by x.open_time limit p_limit)
        union all
        (select r.open_time, r.open, r.high, r.low, r.close, r.volume, r.fetched_at, r.source, r.attempt,
            r.revision, r.chain_seq, r.hash, false
          from hub.candle_revisions r
          where r.tf = p_tf and r.series_id = p_series and r.open_time >= start
            and (r.open_time > start or r.revision > p_after_revision)
          order by r.open_time, r.revision limit p_limit)) u
      order by u.open_time, u.revision limit p_limit) k);
end $$;

select hub.seal();
select hub.guard();
notify pgrst, 'reload schema';
