import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runningServer } from "../../../store/embedded/leftover.ts";
import { runCommand } from "../commands.ts";
import { driveHub, loud, plantStranger } from "../drive.ts";
import type { Scenario } from "../scenario.ts";
import type { Site } from "../site.ts";
import { awkward, unheardOf } from "../values.ts";

/** What a newcomer runs: the hub's own database, its own vault behind a passphrase, keys in either. */
export const ownVault: Scenario = {
  name: "own vault, own database",
  async play(site, basics) {
    const file = join(site.folder, "passphrase");
    const passphrase = site.plant("vault passphrase", "HUB_VAULT_PASSPHRASE_FILE", awkward());
    writeFileSync(file, `${passphrase}\n`, { mode: 0o600 });
    const stranger = plantStranger(site);
    const settings = {
      ...loud(site, basics),
      HUB_VAULT_PASSPHRASE_FILE: file,
      BINANCE_API_KEY: site.plant("BINANCE_API_KEY", "environment", unheardOf(64)),
      BINANCE_API_SECRET: site.plant("BINANCE_API_SECRET", "environment", awkward()),
    };
    await fillVault(site, settings);
    await driveHub(site, settings, stranger, () => {
      const place = runningServer(site.dataDir);
      if (place === undefined) throw new Error("the hub's own database does not run");
      return place;
    });
  },
};

async function fillVault(site: Site, settings: Readonly<Record<string, string | undefined>>) {
  const plant = (name: string): string => site.plant(name, "the hub's own vault", awkward());
  const bybit = { api_key: plant("bybit api_key"), api_secret: plant("bybit api_secret") };
  const oanda = { api_key: plant("oanda api_key"), account_id: plant("oanda account_id") };
  const entries = {
    KRAKEN_API_SECRET: plant("KRAKEN_API_SECRET"),
    "broker:bybit": JSON.stringify(bybit),
    "broker:oanda": JSON.stringify(oanda),
  };
  for (const [key, value] of Object.entries(entries)) {
    const code = await runCommand(site, ["vault", "put", key], settings, value);
    if (code !== 0) throw new Error(`hub vault put ${key} ended with ${code}`);
  }
  site.did(`${Object.keys(entries).length} credentials stored by hub vault put`);
}
