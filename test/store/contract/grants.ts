import { describe, expect, test } from "vitest";
import type { Place } from "../../../src/store/pg/connection.ts";
import { sql } from "../../kit/sql.ts";

const ORIGINAL = [
  "fxshinobi_health",
  "fxshinobi_snapshots",
  "fxshinobi_strategy_runs",
  "fxshinobi_trades",
];

/** Far below what there is: a question that finds nothing must not pass for one that found no fault. */
const LEAST_FUNCTIONS = 30;
const LEAST_TABLES = 25;

/** What each role of a Supabase project may do with the hub's database. Needs a migrated one. */
export function grantPromises(place: () => Place): void {
  const ask = (text: string) => sql(place(), text);

  /** The code with which a role is refused a statement; undefined when it is not. */
  const refusal = async (role: string, statement: string): Promise<string | undefined> => {
    // A simple query of several statements is one transaction: the role ends with it.
    const text = `begin; set local role ${role}; ${statement}; rollback`;
    return sql(place(), text).then(
      () => undefined,
      (error: unknown) => (error as { code?: string }).code,
    );
  };

  describe("grants", () => {
    test("open every function to the service role, and to nobody else", async () => {
      const rows = await ask(`
        select p.proname as fn, p.prosecdef as definer,
          (select string_agg(x, ' ') from unnest(p.proconfig) x where x like 'search_path=%') as path,
          has_function_privilege('service_role', p.oid, 'execute') as service,
          has_function_privilege('anon', p.oid, 'execute') as anon,
          has_function_privilege('authenticated', p.oid, 'execute') as authenticated,
          exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            where a.grantee = 0) as everybody
        from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname like 'hub\\_%'`);

      expect(rows.length).toBeGreaterThan(LEAST_FUNCTIONS);
      for (const row of rows) {
        expect(row).toEqual({
          fn: row["fn"],
          definer: true,
          path: expect.stringMatching(/^search_path=pg_catalog, .*pg_temp$/) as unknown,
          service: true,
          anon: false,
          authenticated: false,
          everybody: false,
        });
      }
    });

    test("stand on functions that answer one JSON value: a list of rows would be cut at 1,000", async () => {
      const odd = await ask(`
        select p.proname from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proname like 'hub\\_%'
          and (p.proretset or p.prorettype not in ('json'::regtype, 'jsonb'::regtype))`);

      expect(odd).toEqual([]);
    });

    test("open none of the functions behind them, not even to the service role", async () => {
      const open = await ask(`
        select r.rolname, p.proname from pg_proc p, pg_roles r
        where p.pronamespace = 'hub'::regnamespace
          and r.rolname in ('anon', 'authenticated', 'service_role')
          and has_function_privilege(r.oid, p.oid, 'execute')`);

      expect(open).toEqual([]);
    });

    test("leave every table under row level security, and none of the hub's to anybody", async () => {
      const tables = await ask(`
        select c.relname as name, c.relrowsecurity as sealed,
          (select count(*)::int from pg_roles r
            where r.rolname in ('anon', 'authenticated', 'service_role')
              and has_schema_privilege(r.oid, 'hub', 'usage')) as guests
        from pg_class c where c.relkind in ('r', 'p')
          and (c.relnamespace = 'hub'::regnamespace or c.relname like 'fxshinobi\\_%')`);

      expect(tables.length).toBeGreaterThan(LEAST_TABLES);
      expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(ORIGINAL));
      expect(tables.filter(({ sealed, guests }) => sealed !== true || guests !== 0)).toEqual([]);
    });

    test("let the service role call, and answer the public with a refusal", async () => {
      const call = "select public.hub_watch_active()";

      expect(await refusal("service_role", call)).toBeUndefined();
      expect(await refusal("anon", call)).toBe("42501");
      expect(await refusal("authenticated", call)).toBe("42501");
    });

    // A Supabase project grants tables of the public schema to everybody: only the rows are shut.
    test.each(ORIGINAL)("keep the rows of %s from the public key", async (table) => {
      await ask(`grant all on public.${table} to anon`);
      const [column = ""] = (
        await ask(`select attname from pg_attribute where attrelid = 'public.${table}'::regclass
          and attnum = 1`)
      ).map(({ attname }) => String(attname));
      const row = `insert into public.${table} select * from jsonb_populate_record(null::public.${table},
        '{"id": "6b1f0c34-9a52-4f6e-8f0a-3d6a4b1e2c77", "snapshot_id": "another", "instance_id": "x",
          "status": "OPEN", "timestamp": "2026-01-05", "symbol": "EUR_USD", "side": "BUY", "size": 1,
          "strategy_id": "s", "created_at": "2026-01-05", "updated_at": "2026-01-05"}')`;
      const seen = `do $$ begin
        if exists (select from public.${table}) then raise 'seen' using errcode = 'PT001'; end if;
      end $$`;
      const touched = (what: string) => `do $$ begin
        ${what}; if found then raise 'touched' using errcode = 'PT001'; end if;
      end $$`;
      const change = touched(`update public.${table} set ${column} = ${column}`);
      const removal = touched(`delete from public.${table}`);

      // For the owner each of them does something: it is the policy that keeps others from it.
      for (const statement of [seen, change, removal]) {
        expect(await refusal("none", `${row}; ${statement}`)).toBe("PT001");
        expect(await refusal("anon", statement)).toBeUndefined();
      }
      expect(await refusal("anon", row)).toBe("42501");
      await ask(`revoke all on public.${table} from anon`);
    });
  });
}
