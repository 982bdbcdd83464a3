import { UNNOTICED } from "../../../src/actors/harvester/unnoticed.ts";
import type { Place } from "../../../src/store/pg/connection.ts";
import { sql } from "../../kit/sql.ts";

/**
 * What must hold in the database at every instant, whoever was killed in the middle of what. Each query
 * finds those that break it.
 */
const ALWAYS: Readonly<Record<string, string>> = {
  "an accepted signal without its place in the queue": `
    select v.signal_id from hub.verdicts v where v.decision = 'accepted'
      and not exists (select from hub.signal_queue q where q.signal_id = v.signal_id)`,
  "a place in the queue that nobody accepted": `
    select q.signal_id from hub.signal_queue q join hub.verdicts v using (signal_id)
    where v.decision <> 'accepted'`,
  "a signal raised twice": `
    select min(id) from hub.signals
    group by exchange, pair, tf, open_time, strategy, strategy_version, config having count(*) > 1`,
  "an accepted signal that is worked off without an order": `
    select q.signal_id from hub.signal_queue q where q.status = 'done'
      and not exists (select from hub.orders o where o.client_order_id = q.client_order_id)`,
  "a buy under way without money set aside": `
    select q.signal_id from hub.signal_queue q
      join hub.signals s on s.id = q.signal_id
      left join hub.orders o using (client_order_id)
    where q.status <> 'done' and s.side = 'buy' and o.ended_at is null
      and not exists (select from hub.reservations r where r.client_order_id = q.client_order_id)`,
  "a pair held twice": `
    select min(id) from hub.positions where closed_at is null
    group by exchange, pair having count(*) > 1`,
  "an order of a signal that was never accepted": `
    select o.client_order_id from hub.orders o where o.origin = 'signal'
      and not exists (select from hub.signal_queue q where q.client_order_id = o.client_order_id)`,
  "an order whose fills are not what it says": `
    select o.client_order_id from hub.orders o left join hub.fills f using (client_order_id)
    where o.filled is not null group by o.client_order_id, o.filled
    having o.filled <> coalesce(sum(f.quantity), 0)`,
  "an ended order of which the venue says something else": `
    select o.client_order_id from hub.orders o join hub.paper_orders p using (client_order_id)
    where o.ended_at is not null
      and (select count(*) from hub.fills f where f.client_order_id = o.client_order_id)
        <> jsonb_array_length(coalesce(p.outcome -> 'fills', '[]'))`,
  "a fill that the venue knows nothing of": `
    select f.client_order_id from hub.fills f
    where not exists (select from hub.paper_orders p where p.client_order_id = f.client_order_id)`,
  "a position that is not the sum of its fills": `
    select pair from (
      select pair, sum(case side when 'buy' then quantity else -quantity end) as q from hub.fills group by 1
      union all select pair, -quantity from hub.positions where closed_at is null) x
    group by pair having sum(q) <> 0`,
  "cash that is not what was paid and earned": `
    select a.cash from hub.account a where a.cash <> a.starting_cash + coalesce((
      select sum(case side when 'buy' then -quantity * price - fee else quantity * price - fee end)
      from hub.fills), 0)`,
  "money set aside for an order that has ended": `
    select r.client_order_id from hub.reservations r join hub.orders o using (client_order_id)
    where o.ended_at is not null`,
  "money set aside for nothing": `
    select r.client_order_id from hub.reservations r
    where not exists (select from hub.signal_queue q where q.client_order_id = r.client_order_id)`,
  "a candle that lacks between two, and no word about it": `
    select c.series_id, c.open_time from (
      select series_id, tf, open_time, lead(open_time) over (partition by series_id order by open_time) as next
      from hub.candles) c
    where c.next - c.open_time > make_interval(mins => c.tf)
      and not exists (select from hub.gaps g where g.series_id = c.series_id
        and g.open_time > c.open_time and g.open_time < c.next)`,
  "a candle that had lacked without a word, until a search for such holes found it": `
    select series_id, open_time from hub.gaps where reason = '${UNNOTICED}'`,
};

/** What must hold as well once everything has come to its end. */
const AT_REST: Readonly<Record<string, string>> = {
  "an order whose end nobody knows": `
    select client_order_id from hub.orders where ended_at is null`,
  "an accepted signal that waits": `
    select signal_id from hub.signal_queue where status <> 'done'`,
  "something held that the venue does not hold": `
    select pair from (
      select pair, quantity as q from hub.positions where closed_at is null
      union all select pair, -quantity from hub.paper_holdings) x
    group by pair having sum(q) <> 0`,
};

/** Names what is broken, with the first few that break it; nothing when the books are in order. */
export async function brokenBooks(place: Place, when: "always" | "at rest"): Promise<string[]> {
  const promises = when === "always" ? ALWAYS : { ...ALWAYS, ...AT_REST };
  const broken: string[] = [];
  for (const [what, query] of Object.entries(promises)) {
    const rows = await sql(place, `${query} limit 3`);
    if (rows.length > 0) broken.push(`${what}: ${JSON.stringify(rows)}`);
  }
  return broken;
}

/** Names the chains of hashes, of candles and of what people did, that do not hold any more. */
export async function brokenChains(place: Place): Promise<string[]> {
  const rows = await sql(
    place,
    `select concat_ws(' ', exchange, pair, tf) as name, public.hub_candles_verify(exchange, pair, tf) as found
      from hub.series
    union all select 'audit', public.hub_audit_verify() || '{"unlinked": 0, "headFits": true}'`,
  );
  const isWhole = (found: Record<string, unknown>): boolean =>
    found["broken"] === null && found["unlinked"] === 0 && found["headFits"] === true;
  return rows
    .filter(({ found }) => !isWhole(found as Record<string, unknown>))
    .map(({ name, found }) => `${String(name)}: ${JSON.stringify(found)}`);
}

/** How much there was to look at. */
export async function bookSizes(place: Place): Promise<Record<string, number>> {
  const names = ["candles", "signals", "orders", "fills"];
  const counts = names.map((name) => `(select count(*)::int from hub.${name}) as ${name}`);
  const [row = {}] = await sql(place, `select ${counts.join(", ")}`);
  return row as Record<string, number>;
}
