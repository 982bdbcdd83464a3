import { connect, type Place } from "../../store/pg/connection.ts";
import type { AuditedHub } from "./hub-process.ts";
import { askAs } from "./requests.ts";
import type { Site } from "./site.ts";
import { until } from "./until.ts";

/** As the hub answers at `/api/v1/actors`. */
interface Actor {
  readonly id: string;
  readonly state: string;
  readonly restarts: number;
  readonly pid?: number;
  readonly children: readonly Actor[];
}

const LIMIT_MS = 30_000;

/** All actors of a hub; none while it cannot tell. */
export async function actorsOf(site: Site, hub: AuditedHub, token: string): Promise<Actor[]> {
  const flat = (node: Actor): Actor[] => [node, ...node.children.flatMap(flat)];
  const root = await askAs<Actor>(site, hub, token, "/api/v1/actors");
  return root === undefined ? [] : flat(root);
}

/** A function of the database that an actor cannot do without, and what makes it call that at once. */
const LIFELINES = [
  { actor: "architect", fn: "hub_watch_revision" },
  { actor: "trader", fn: "hub_prices_save" },
  { actor: "gatekeeper", fn: "hub_halt", nudge: "/api/v1/halt" },
  { actor: "sentinel", fn: "hub_audit", nudge: "/api/v1/halt" },
] as const;

/**
 * Lets each actor of the tree crash: what it calls in the database fails once. The commander falls
 * with those that it stands on.
 */
export async function crashByDatabase(
  site: Site,
  hub: AuditedHub,
  token: string,
  place: Place,
): Promise<void> {
  for (const { actor, fn, ...more } of LIFELINES) {
    const before = await restartsOf(site, hub, token, actor);
    await sql(place, failOnce(fn));
    await until(site.clock, LIMIT_MS, `the crash of the ${actor}`, async () => {
      if ("nudge" in more) await askAs(site, hub, token, more.nudge, "POST");
      return (await restartsOf(site, hub, token, actor)) > before ? true : undefined;
    });
    await untilUp(site, hub, token);
    site.did(`a crash of the ${actor}, which its ${fn} failed`);
  }
  await sql(place, CUT_ALL);
  await untilUp(site, hub, token);
  site.did("all connections of the database cut");
}

const CUT_ALL = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where pid <> pg_backend_pid() and application_name = 'trading-hub'`;

/** Puts a function in front of another that fails at its first call, and passes on all later ones. */
function failOnce(fn: string): string {
  return `
do $audit$
declare
  original pg_proc;
  call text;
begin
  select * into strict original from pg_proc where oid = 'public.${fn}'::regproc;
  execute format('alter function %s rename to ${fn}_behind', original.oid::regprocedure);
  execute 'create sequence public.${fn}_calls';
  select format('public.${fn}_behind(%s)', string_agg(format('%1$I => %1$I', name), ', '))
    into call from unnest(original.proargnames[1:original.pronargs]) as name;
  execute format(
    'create function public.${fn}(%s) returns %s language plpgsql security definer as $body$ begin
      if nextval(''public.${fn}_calls'') = 1 then
        raise exception ''the audit lets this call fail'' using errcode = ''42883'';
      end if;
      %s %s;
    end $body$',
    pg_get_function_arguments(original.oid), pg_get_function_result(original.oid),
    case original.prorettype when 'void'::regtype then 'perform' else 'return' end,
    call);
end $audit$`;
}

/** Kills the process of every forked actor, and waits until each has another one. */
export async function killForks(site: Site, hub: AuditedHub, token: string): Promise<void> {
  const forked = (await actorsOf(site, hub, token)).filter(({ pid }) => pid !== undefined);
  const killed = new Set(forked.map(({ pid }) => pid));
  for (const pid of killed) process.kill(pid ?? 0, "SIGKILL");
  await until(site.clock, LIMIT_MS, "other processes of the forked actors", async () => {
    const fresh = (await actorsOf(site, hub, token)).filter(
      ({ pid, state }) => pid !== undefined && !killed.has(pid) && state === "up",
    );
    return forked.length > 0 && fresh.length === forked.length ? true : undefined;
  });
  site.did(`${forked.length} forked actors killed and started again`);
}

async function restartsOf(
  site: Site,
  hub: AuditedHub,
  token: string,
  name: string,
): Promise<number> {
  const actors = await actorsOf(site, hub, token);
  return actors.find(({ id }) => id.split("/").at(-1) === name)?.restarts ?? 0;
}

/** Poisoned analysts stay parked; everybody else comes back. */
async function untilUp(site: Site, hub: AuditedHub, token: string): Promise<void> {
  await until(site.clock, LIMIT_MS, "the actors to be up again", async () => {
    const actors = await actorsOf(site, hub, token);
    const isUp = actors.every(({ state }) => state === "up" || state === "parked");
    return actors.length > 0 && isUp ? true : undefined;
  });
}

async function sql(place: Place, text: string): Promise<void> {
  const client = await connect(place);
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
