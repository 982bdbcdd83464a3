import { fileURLToPath } from "node:url";
import { connect, type Place } from "../../../src/store/pg/connection.ts";

/** The schema as it was reviewed; `UPDATE_GOLDEN=1` writes it anew. */
export const GOLDEN_SCHEMA = fileURLToPath(new URL("../../golden/schema.sql", import.meta.url));

/** Partitions of single months come and go; they are no part of the schema. */
const TABLES = `
  select format(E'table %s (%s\\n)%s;', c.oid::regclass,
    (select string_agg(format(E'\\n  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case when a.attidentity <> '' then ' generated always as identity' else '' end,
        coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), ',' order by a.attnum)
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
    || coalesce((select string_agg(format(E',\\n  %s', pg_get_constraintdef(k.oid)), '' order by pg_get_constraintdef(k.oid))
      from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'), ''),
    coalesce(' partition by ' || pg_get_partkeydef(c.oid), '')
      || coalesce(' of ' || (select i.inhparent::regclass from pg_inherits i where i.inhrelid = c.oid)
        || ' ' || pg_get_expr(c.relpartbound, c.oid), '')
      || case when c.relrowsecurity then ' row level security' else '' end) as line
  from pg_class c
  where c.relkind in ('r', 'p') and c.relname !~ '_[0-9]{6}$'
    and (c.relnamespace = 'hub'::regnamespace or c.relname like 'fxshinobi\\_%')
  order by c.oid::regclass::text`;

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i join pg_class c on c.oid = i.indrelid
  where c.relname !~ '_[0-9]{6}$'
    and (c.relnamespace = 'hub'::regnamespace or c.relname like 'fxshinobi\\_%')
  order by 1`;

const TYPES = `
  select format('type %s as enum (%s);', t.oid::regtype,
    (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)) as line
  from pg_type t where t.typnamespace = 'hub'::regnamespace and t.typtype = 'e' order by 1`;

const FUNCTIONS = `
  select format('function %s returns %s%s%s; %s', p.oid::regprocedure, format_type(p.prorettype, null),
    case p.provolatile when 'i' then ' immutable' when 's' then ' stable' else '' end,
    case when p.prosecdef then ' security definer' else '' end,
    coalesce('-- ' || array_to_string(array(
      select r.rolname from pg_roles r where r.rolname in ('anon', 'authenticated', 'service_role')
        and has_function_privilege(r.oid, p.oid, 'execute') order by 1), ', '), '')) as line
  from pg_proc p
  where p.pronamespace = 'hub'::regnamespace or (p.pronamespace = 'public'::regnamespace and p.proname like 'hub\\_%')
  order by p.oid::regprocedure::text`;

const TRIGGERS = `
  select pg_get_triggerdef(g.oid) || ';' as line from pg_trigger g join pg_class c on c.oid = g.tgrelid
  where not g.tgisinternal and c.relname !~ '_[0-9]{6}$'
    and (c.relnamespace = 'hub'::regnamespace or c.relname like 'fxshinobi\\_%')
  order by c.oid::regclass::text, g.tgname`;

/** Without their queries, which each version of PostgreSQL writes in its own way. */
const VIEWS = `
  select format(E'view %s (%s\n)%s; -- %s', c.oid::regclass,
    (select string_agg(format(E'\n  %s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ',' order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0),
    coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''),
    array_to_string(array(select r.rolname from pg_roles r
      where r.rolname in ('anon', 'authenticated', 'hub_reader', 'service_role')
        and has_table_privilege(r.oid, c.oid, 'select') order by 1), ', ')) as line
  from pg_class c where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace order by c.relname`;

const POLICIES = `
  select format('policy %I on %s for %s to %s using (%s);', p.polname, p.polrelid::regclass,
    case p.polcmd when 'r' then 'select' else p.polcmd::text end,
    (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any (p.polroles)),
    pg_get_expr(p.polqual, p.polrelid)) as line
  from pg_policy p order by p.polrelid::regclass::text, p.polname`;

/** Writes the hub's schema as text, in an order that does not depend on how it came about. */
export async function dumpSchema(place: Place): Promise<string> {
  const client = await connect(place);
  try {
    await client.query("set search_path = pg_catalog");
    const parts: string[] = [];
    for (const query of [TYPES, TABLES, INDEXES, TRIGGERS, FUNCTIONS, VIEWS, POLICIES]) {
      const { rows } = await client.query<{ line: string }>(query);
      parts.push(rows.map(({ line }) => line.trimEnd()).join("\n"));
    }
    return `${parts.join("\n\n")}\n`;
  } finally {
    await client.end();
  }
}
