import type { Place } from "../../../src/store/pg/connection.ts";
import { sql } from "../../kit/sql.ts";

/** Of each table that travels, its columns with the function that gives a value in binary form. */
const TABLES = `
  select x.name, string_agg(format('coalesce(encode(%s(t.%I), ''hex''), ''null'')', y.typsend, c.name), ' || '','' || '
    order by c.name collate "C") as values
  from hub.travelling() x cross join lateral hub.travelling_columns(x.t) c
    join pg_attribute a on a.attrelid = x.t and a.attname = c.name join pg_type y on y.oid = a.atttypid
  group by x.name order by x.name`;

/**
 * Every stored value in PostgreSQL's own binary form, by table. An export speaks text, so a value that
 * text loses would look the same in two exports and different here.
 */
export async function binaryRows(place: Place): Promise<Readonly<Record<string, string[]>>> {
  const found: Record<string, string[]> = {};
  for (const { name, values } of await sql(place, TABLES)) {
    const filter = name === "hub.facts" ? "where not hub.stays(t.name)" : "";
    const rows = await sql(
      place,
      `select ${String(values)} as line from ${String(name)} t ${filter} order by 1`,
    );
    found[String(name)] = rows.map(({ line }) => String(line));
  }
  return found;
}
