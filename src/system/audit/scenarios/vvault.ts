import type { Variables } from "../../../config/env.ts";
import { runCommand } from "../commands.ts";
import { driveHub, loud, noteVaultKey, operatorToken, plantStranger } from "../drive.ts";
import { AuditedHub } from "../hub-process.ts";
import { startPasswordDatabase } from "../password-database.ts";
import { askAs } from "../requests.ts";
import type { Scenario } from "../scenario.ts";
import type { Site } from "../site.ts";
import { until } from "../until.ts";
import { awkward, unheardOf } from "../values.ts";
import { ILL_MANNERS, startVault, type VaultStandIn } from "../vault-stand-in.ts";

/** What a server in production runs: VVAULT, and a PostgreSQL that asks for a password. */
export const vvault: Scenario = {
  name: "VVAULT and DATABASE_URL",
  async play(site, basics) {
    const password = site.plant("DATABASE_URL password", "environment", awkward());
    const token = site.plant("VVAULT_SERVICE_TOKEN", "environment", unheardOf(48));
    const vault = await startVault(site, token);
    const { server, url } = await startPasswordDatabase(site.databaseDir, password);
    try {
      await fillVault(site, vault);
      const stranger = plantStranger(site);
      const settings = {
        ...loud(site, basics),
        DATABASE_URL: url(password),
        VVAULT_URL: vault.url,
        VVAULT_SERVICE_TOKEN: token,
      };
      await driveHub(site, settings, stranger, () => ({ socketDir: server.socketDir }));
      noteVaultKey(site);
      await driveFailures(site, settings, vault);
    } finally {
      await server.stop();
      await vault.close();
    }
  },
};

async function fillVault(site: Site, vault: VaultStandIn): Promise<void> {
  const names = ["OANDA_API_KEY", "OANDA_ACCOUNT_ID", "KRAKEN_API_KEY", "KRAKEN_API_SECRET"];
  for (const name of names) await vault.put(name, site.plant(name, "VVAULT", awkward()));
  const value = site.plant("binance apiKey", "VVAULT, in one JSON text", awkward());
  const secret = site.plant("binance secret", "VVAULT, in one JSON text", awkward());
  await vault.put("broker:binance", JSON.stringify({ apiKey: value, secret }));
}

/** A vault that fails in every way, under hub commands and at the start of a hub. */
async function driveFailures(site: Site, settings: Variables, vault: VaultStandIn): Promise<void> {
  for (const manner of ILL_MANNERS) {
    vault.manners = [manner];
    await runCommand(site, ["vault", "get", "KRAKEN_API_KEY", "--json"], settings);
    site.did(`a hub command on a vault that answers: ${manner}`);
  }
  vault.manners = ILL_MANNERS;
  const hub = await AuditedHub.start(site, "without vault", { ...settings, HUB_STRATEGIES: "[]" });
  await untilVaultIsMissed(site, hub);
  await hub.stop();
  site.did("a start with a vault that answers each time in another of these ways");
}

async function untilVaultIsMissed(site: Site, hub: AuditedHub): Promise<void> {
  await until(site.clock, 30_000, "the hub to miss its vault", async () => {
    const path = "/api/status";
    const status = await askAs<{ vvault_status: string }>(site, hub, operatorToken(site), path);
    return status?.vvault_status === "offline" ? true : undefined;
  });
}
