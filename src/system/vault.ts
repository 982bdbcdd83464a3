import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { StartRefusal } from "../config/refusal.ts";
import type { Settings } from "../config/settings.ts";
import { messageOf } from "../runtime/errors.ts";
import { Secret } from "../runtime/secret.ts";
import { VaultBox } from "../vault/embedded/box.ts";
import type { KeySource } from "../vault/embedded/key-ring.ts";

type VaultSettings = Pick<Settings, "dataDir" | "vaultKeyFile" | "vaultPassphraseFile">;

/** Where what the hub seals lies in its data folder. */
export function vaultFiles(dataDir: string): {
  readonly folder: string;
  readonly box: string;
  readonly key: string;
} {
  const folder = join(dataDir, "vault");
  return {
    folder,
    box: join(folder, "vault.sealed"),
    key: join(folder, "vault.key"),
  };
}

/**
 * Opens the hub's own sealed file: its vault when it has no other, else its memory of the other one.
 * @throws StartRefusal when the key is wrong or the file is damaged; nothing is written then.
 */
export async function openBox(settings: VaultSettings): Promise<VaultBox> {
  const files = vaultFiles(settings.dataDir);
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  return VaultBox.open(files.box, keySource(settings));
}

function keySource({ dataDir, vaultKeyFile, vaultPassphraseFile }: VaultSettings): KeySource {
  if (vaultPassphraseFile === undefined) {
    return { kind: "file", path: vaultKeyFile ?? vaultFiles(dataDir).key };
  }
  return { kind: "passphrase", passphrase: readPassphrase(vaultPassphraseFile) };
}

function readPassphrase(path: string): Secret {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw new StartRefusal(`passphrase file ${path} can be read by others: run chmod 600 on it`);
    }
    text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    if (error instanceof StartRefusal) throw error;
    throw new StartRefusal(`passphrase file ${path} cannot be read: ${messageOf(error)}`, error);
  }
  if (text === "") throw new StartRefusal(`passphrase file ${path} is empty`);
  return new Secret(text);
}
