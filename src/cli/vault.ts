import { existsSync } from "node:fs";
import { loadSettings } from "../config/load.ts";
import type { Settings } from "../config/settings.ts";
import { machineClock } from "../runtime/clock.ts";
import { openLedger } from "../system/ledger.ts";
import { random } from "../system/random.ts";
import { openBox, vaultFiles } from "../system/vault.ts";
import { createVaultClient } from "../vault/client/client.ts";
import type { VaultBox } from "../vault/embedded/box.ts";
import { startEmbeddedVault } from "../vault/embedded/start.ts";
import { VaultFailure } from "../vault/errors.ts";
import type { LedgerEntry } from "../vault/ledger/line.ts";
import type { Vault } from "../vault/port.ts";
import { CliRefusal } from "./refusal.ts";
import type { Session } from "./session.ts";

/** The vault that the settings name: another server's, or the hub's own file. */
type Opened = { readonly remote: Vault } | { readonly box: VaultBox };

/**
 * Opens the vault for the length of some work.
 * @throws CliRefusal when it does not answer; StartRefusal when its file does not open.
 */
export async function withVault<T>(
  { world }: Session,
  work: (vault: Opened) => Promise<T>,
): Promise<T> {
  const { settings } = loadSettings(world.environment);
  const { vvaultUrl: url, vvaultServiceToken: token } = settings;
  if (url === undefined || token === undefined) return work({ box: await openBox(settings) });
  const remote = createVaultClient({ url, token, clock: machineClock, random });
  try {
    return await work({ remote });
  } catch (error) {
    if (error instanceof VaultFailure) throw new CliRefusal(error.message);
    throw error;
  } finally {
    await remote.close();
  }
}

/**
 * Opens the way to that vault, whichever it is, for the length of some work.
 * @throws CliRefusal when it does not answer; StartRefusal when its file does not open.
 */
export function withVaultClient<T>(
  session: Session,
  work: (vault: Vault) => Promise<T>,
): Promise<T> {
  return withVault(session, async (opened) => {
    if ("remote" in opened) return work(opened.remote);
    const embedded = await startEmbeddedVault(opened.box, machineClock);
    const { url, token } = embedded;
    const vault = createVaultClient({ url, token, clock: machineClock, random });
    try {
      return await work(vault);
    } finally {
      await vault.close();
      await embedded.close();
    }
  });
}

/** The hub's own file, which must be there. @throws CliRefusal when there is none. */
export async function existingBox({ world }: Session): Promise<VaultBox> {
  refuseRemote(loadSettings(world.environment).settings);
  return existingVault({ world });
}

/**
 * The sealed file of the data folder, which must be there: the hub's own vault, or its memory of
 * another one. @throws CliRefusal when there is none.
 */
export async function existingVault({ world }: Pick<Session, "world">): Promise<VaultBox> {
  const { settings } = loadSettings(world.environment);
  const { box } = vaultFiles(settings.dataDir);
  if (!existsSync(box)) throw new CliRefusal(`there is no vault at ${box} yet`);
  return openBox(settings);
}

/** Writes into the ledger that somebody at this machine has seen or changed a value. */
export async function noteInLedger(
  session: Session,
  entry: Pick<LedgerEntry, "event" | "secret" | "purpose">,
): Promise<void> {
  const { settings } = loadSettings(session.world.environment);
  const box = await openBox(settings);
  const ledger = await openLedger(settings.dataDir, box);
  try {
    await ledger.append({ at: machineClock.nowMs(), who: "cli", ...entry });
  } finally {
    await ledger.close();
  }
}

function refuseRemote({ vvaultUrl }: Settings): void {
  if (vvaultUrl === undefined) return;
  throw new CliRefusal("VVAULT cannot do this over its API; it works on the hub's own vault only");
}
