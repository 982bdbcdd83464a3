import { startEmbedded } from "../../../src/store/embedded/server.ts";
import { migrate } from "../../../src/store/pg/migrate.ts";
import { driveHub, loud, plantStranger } from "../../../src/system/audit/drive.ts";
import type { Scenario } from "../../../src/system/audit/scenario.ts";
import { awkward, unheardOf } from "../../../src/system/audit/values.ts";
import { startVault } from "../../../src/system/audit/vault-stand-in.ts";
import { FAST, MIGRATIONS_DIR } from "../../kit/store.ts";
import { rpcStandIn } from "../../store/pg/rpc-stand-in.ts";
import { startDoor } from "./door.ts";

/** A hub on a Supabase project whose key comes out of VVAULT; PostgREST is stood in for. */
export const supabase: Scenario = {
  name: "Supabase, its key in VVAULT",
  async play(site, basics) {
    const server = await startEmbedded({ dataDir: site.databaseDir, settings: FAST });
    const place = { socketDir: server.socketDir };
    await migrate(place, MIGRATIONS_DIR);
    const key = site.plant("SUPABASE_KEY", "VVAULT", unheardOf(64));
    const project = await rpcStandIn(place, { [key]: "service_role" });
    const door = await startDoor(project.url);
    const token = site.plant("VVAULT_SERVICE_TOKEN", "environment", unheardOf(48));
    const vault = await startVault(site, token);
    try {
      await vault.put("SUPABASE_KEY", key);
      const settings = {
        ...loud(site, basics),
        SUPABASE_URL: door.url,
        VVAULT_URL: vault.url,
        VVAULT_SERVICE_TOKEN: token,
        KRAKEN_PASSWORD: site.plant("KRAKEN_PASSWORD", "environment", awkward()),
      };
      // A call that is sent away at once holds the key for no time.
      const calm = { begin: () => door.shut(), end: () => door.open() };
      await driveHub(site, settings, plantStranger(site), () => place, calm);
    } finally {
      await vault.close();
      await door.close();
      await project.close();
      await server.stop();
    }
  },
};
