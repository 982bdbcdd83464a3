import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Variables } from "../../../config/env.ts";
import { AuditedHub } from "../hub-process.ts";
import type { Scenario } from "../scenario.ts";
import type { Site } from "../site.ts";
import { awkward, unheardOf } from "../values.ts";

/** Nobody listens there. */
const NOWHERE = "127.0.0.1:9";

/** Starts that a hub refuses because of what is secret, and must say so without saying it. */
export const refused: Scenario = {
  name: "refused starts",
  async play(site, basics) {
    const settings = { ...basics, PORT: "0", LOG_LEVEL: "trace", HUB_DATA_DIR: site.dataDir };
    const gateway = await chattyGateway();
    try {
      for (const [label, more] of refusals(site, gateway.url)) {
        const end = await AuditedHub.refused(site, label, { ...settings, ...more });
        if (end !== 1) throw new Error(`the start with ${label} ended with ${end}, not with 1`);
        site.did(`a start with ${label}`);
      }
    } finally {
      gateway.server.close();
    }
  },
};

function refusals(site: Site, gateway: string): readonly (readonly [string, Variables])[] {
  const secret = (name: string, value = awkward()): string =>
    site.plant(name, "environment", value);
  const inUrl = encodeURIComponent;
  const unreachable = secret("password of a database that is away");
  const malformed = secret("password of an address that is none", `${unheardOf()}/#?`);
  const pooler = secret("password of the transaction pooler");
  const vault = secret("password in VVAULT_URL");
  return [
    [
      "a database that is away",
      { DATABASE_URL: `postgresql://u:${inUrl(unreachable)}@${NOWHERE}/d` },
    ],
    ["an address that is none", { DATABASE_URL: `postgresql://u:${malformed}@${NOWHERE}/d` }],
    ["the transaction pooler", { DATABASE_URL: `postgresql://u:${inUrl(pooler)}@x.test:6543/d` }],
    [
      "a gateway that echoes the key",
      { SUPABASE_URL: gateway, SUPABASE_KEY: secret("SUPABASE_KEY", unheardOf(64)) },
    ],
    ["a key without its project", { SUPABASE_KEY: secret("SUPABASE_KEY alone", unheardOf(64)) }],
    [
      "a password in VVAULT_URL",
      { VVAULT_URL: `http://u:${inUrl(vault)}@${NOWHERE}`, VVAULT_SERVICE_TOKEN: "x" },
    ],
    ["a secret in the settings file", { HUB_CONFIG: settingsFile(site) }],
    ["a damaged token file", { HUB_DATA_DIR: damagedFolder(site) }],
  ];
}

function settingsFile(site: Site): string {
  const path = join(site.folder, "hub.yaml");
  const key = site.plant("supabaseKey in the settings file", "HUB_CONFIG", unheardOf());
  writeFileSync(path, `supabaseUrl: https://x.test\nsupabaseKey: ${key}\n`);
  return path;
}

function damagedFolder(site: Site): string {
  const folder = join(site.folder, "damaged");
  mkdirSync(folder, { mode: 0o755 });
  const token = site.plant("damaged operator token", "operator.token", unheardOf(50));
  writeFileSync(join(folder, "operator.token"), token, { mode: 0o600 });
  return folder;
}

/** A gateway before a project that prints what it was sent. */
async function chattyGateway(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(({ headers }, answer) => {
    const body = { message: `bad key ${headers.authorization} ${String(headers["apikey"])}` };
    answer.writeHead(401, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}` };
}
