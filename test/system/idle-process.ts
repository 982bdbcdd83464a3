import { writeHeapSnapshot } from "node:v8";
import { takeEnvironment } from "../../src/config/env.ts";
import { loadSettings } from "../../src/config/load.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { Secret } from "../../src/runtime/secret.ts";
import { openStore } from "../../src/store/open.ts";
import { Redactor } from "../../src/system/redactor.ts";
import { createVaultClient } from "../../src/vault/client/client.ts";

// A process that works with the secrets of its environment as the hub does, stays at rest with every
// connection open, and writes down its heap then.
const [how = "", snapshot = "", migrationsDir = ""] = process.argv.slice(2);
/** Keeps what it is given, as a careless hand would. */
const kept: unknown[] = [];
if (how === "plain") kept.push(process.env["DATABASE_URL"]);
const environment = takeEnvironment();
const { settings } = loadSettings(environment);
const redactor = new Redactor();
for (const secret of environment.secrets.values()) redactor.add(secret);

const ways: Readonly<Record<string, () => Promise<void>>> = {
  async store() {
    const opened = await openStore({ ...settings, migrationsDir, log: () => {} });
    // At once: every connection of the pool shows its password.
    await Promise.all(Array.from({ length: 20 }, () => opened.store.watch.active()));
    kept.push(opened);
  },
  async vault() {
    const { vvaultUrl: url = "", vvaultServiceToken: token = new Secret("none") } = settings;
    const client = createVaultClient({ url, token, clock: machineClock, random: () => 0.5 });
    const key = await client.credential("OANDA_API_KEY");
    kept.push(client, key);
  },
};

await ways[how]?.();
await machineClock.sleep(200);
redactor.redact("a line of a log, like any other");
writeHeapSnapshot(snapshot);
process.stdout.write(`${kept.length} kept\n`);
process.exit(0);
