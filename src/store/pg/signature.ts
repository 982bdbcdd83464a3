/** A function of the hub as the database knows it. */
export interface Signature {
  readonly fn: string;
  readonly names: readonly string[];
  /** Type of each argument as SQL writes it. */
  readonly types: readonly string[];
  /** How many of the first arguments have no default. */
  readonly required: number;
}

export type Signatures = ReadonlyMap<string, Signature>;

/** Lists the hub's functions with their arguments; run it after the migrations. */
export const SIGNATURES_SQL = `
  select p.proname as fn, coalesce(p.proargnames[1:p.pronargs], '{}') as names,
    (select coalesce(array_agg(format_type(a.type, null) order by a.place), '{}')
      from unnest(p.proargtypes::oid[]) with ordinality as a (type, place)) as types,
    p.pronargs - p.pronargdefaults as required
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.proname like 'hub\\_%'`;

export function signaturesFrom(rows: readonly Signature[]): Signatures {
  return new Map(rows.map((row) => [row.fn, row]));
}

/** A statement ready to be sent; `name` lets a connection keep its plan. */
export interface CallStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly string[];
}

/**
 * Writes the call of a function with named arguments the way PostgREST does: all arguments in one
 * JSON text that the database converts itself. So both roads treat a value alike, and a JavaScript
 * array for a JSON argument is not mistaken for a PostgreSQL array.
 */
export function callStatement(
  signature: Signature,
  args: { readonly [name: string]: unknown },
): CallStatement {
  const used = signature.names.flatMap((name, i) =>
    args[name] === undefined
      ? []
      : [{ name: quoted(name), type: signature.types[i] ?? "text", place: i }],
  );
  const fn = `public.${quoted(signature.fn)}`;
  const name = `${signature.fn}/${used.map(({ place }) => place).join()}`;
  if (used.length === 0) return { name, text: `select ${fn}() as result`, values: [] };
  const handed = used.map((u) => `${u.name} := a.${u.name}`).join(", ");
  const columns = used.map((u) => `${u.name} ${u.type}`).join(", ");
  return {
    name,
    text: `select ${fn}(${handed}) as result from json_to_record($1::json) as a (${columns})`,
    values: [JSON.stringify(args)],
  };
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
