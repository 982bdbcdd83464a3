import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Variables } from "../../config/env.ts";
import type { Place } from "../../store/pg/connection.ts";
import { runTelling } from "./commands.ts";
import { actorsOf, crashByDatabase, killForks } from "./crashes.ts";
import { writeHeap } from "./heap.ts";
import { AuditedHub } from "./hub-process.ts";
import { poisonFolder } from "./poison.ts";
import { askEverything, listenTo } from "./requests.ts";
import type { Site } from "./site.ts";
import { until } from "./until.ts";
import { unheardOf } from "./values.ts";

/** What every run of a hub is set to: it says all it can, and a minute of its market takes a second. */
export function loud(site: Site, basics: Variables): Variables {
  const strategies = [
    { id: "ema-cross" },
    { id: "poison", timeframes: ["1m"] },
    { id: "bomb", timeframes: ["1m"] },
  ];
  return {
    ...basics,
    PORT: "0",
    LOG_LEVEL: "trace",
    HUB_DATA_DIR: site.dataDir,
    HUB_SPEED: "60",
    HUB_FORK_HARVESTERS: "true",
    // A process stands still while it writes its heap down.
    HUB_FORK_SILENCE_MS: "30000",
    HUB_SECRET_LEASE_SECONDS: "10",
    HUB_STRATEGIES_DIR: poisonFolder(site.folder, fuseOf(site)),
    HUB_STRATEGIES: JSON.stringify(strategies),
  };
}

function fuseOf(site: Site): string {
  return join(site.folder, "fuse");
}

/** Plants a value for `HUB_TOKEN`, which the hub does not know: whoever sends it is refused. */
export function plantStranger(site: Site): string {
  return site.plant("HUB_TOKEN", "environment, and requests", `hub_${unheardOf(43)}`);
}

/** Notes the token that the hub made for itself; answers it. */
export function operatorToken(site: Site): string {
  const path = join(site.dataDir, "operator.token");
  const known = site.planted.find(({ name }) => name === "operator token");
  const token = known?.value ?? readFileSync(path, "utf8").trim();
  if (known === undefined) site.plant("operator token", "operator.token", token);
  site.livesIn("operator token", path);
  return token;
}

/**
 * A hub's life from outside: every request, commands beside it, crashes of its actors and of its
 * forked ones, a look at every heap, an exception that nobody catches, a kill, a restart, a stop.
 * @param place the way to its database; asked for once the hub runs.
 */
export async function driveHub(
  site: Site,
  settings: Variables,
  stranger: string,
  place: () => Place,
  calm: Calm = { begin: () => undefined, end: () => undefined },
): Promise<void> {
  const hub = await AuditedHub.start(site, "first run", settings);
  const token = operatorToken(site);
  void listenTo(site, hub, token);
  await askEverything(site, hub, { right: token, wrong: stranger });
  await runTelling(site, settings, hub.url, stranger);
  await killForks(site, hub, token);
  await crashByDatabase(site, hub, token, place());
  calm.begin();
  await writeHeaps(site, hub, token);
  calm.end();
  writeFileSync(fuseOf(site), "");
  site.did(`an exception that nobody catches: exit code ${await hub.ended}`);
  await killAndRestart(site, { ...settings, HUB_STRATEGIES: "[]" });
}

/**
 * Keeps a hub from calls that take their time, while its heap is looked at: whoever makes a call that
 * a secret opens holds its text meanwhile.
 */
interface Calm {
  begin(): void;
  end(): void;
}

/** The heap of each forked actor, then that of the hub, for which they would not wait. */
async function writeHeaps(site: Site, hub: AuditedHub, token: string): Promise<void> {
  const forks = await until(site.clock, LIMIT_MS, "a heap of each forked actor", async () => {
    const actors = await actorsOf(site, hub, token);
    const pids = actors.flatMap(({ pid, state }) =>
      pid !== undefined && state === "up" ? pid : [],
    );
    const written: boolean[] = [];
    for (const pid of pids) written.push(await writeHeap(site, pid));
    return pids.length > 0 && written.every(Boolean) ? pids.length : undefined;
  });
  if (!(await writeHeap(site, hub.pid)))
    throw new Error("the hub ended while its heap was written");
  site.did(`heap snapshots of the hub and of ${forks} forked actors`);
}

/** Another heap is tried when an actor was taken for dead meanwhile. */
const LIMIT_MS = 60_000;

async function killAndRestart(site: Site, settings: Variables): Promise<void> {
  const killed = await AuditedHub.start(site, "second run", settings);
  await killed.stop("SIGKILL");
  const last = await AuditedHub.start(site, "third run", settings);
  site.did(`a kill -9, a restart and a stop: exit code ${await last.stop()}`);
}

/** Notes the keys that the hub made for its sealed file, which nobody else may hold. */
export function noteVaultKey(site: Site): void {
  const path = join(site.dataDir, "vault", "vault.key");
  if (!existsSync(path)) throw new Error(`the hub made no key file at ${path}`);
  const [, key = ""] = readFileSync(path, "utf8").trim().split(" ");
  site.plant("vault key", "vault/vault.key", key);
  site.livesIn("vault key", path);
}
