import { existsSync } from "node:fs";
import { StartRefusal } from "../../config/refusal.ts";
import type { Secret } from "../../runtime/secret.ts";
import {
  addKey,
  type Derivation,
  deriveKey,
  dropOldKeys,
  type KeySource,
  newDerivation,
  readKeyFile,
} from "./key-ring.ts";
import type { MasterKey } from "./seal.ts";
import type { Content } from "./vault-file.ts";

/** A key in use and how to find it again. */
export interface KeyInUse {
  readonly master: MasterKey;
  readonly derivation: Derivation | null;
}

/** The key for a vault that is not there yet. */
export async function firstKey(source: KeySource): Promise<KeyInUse> {
  if (source.kind === "passphrase") return derived(source.passphrase, newDerivation());
  const master = readKeyFile(source.path).at(-1);
  if (master === undefined) throw new StartRefusal(`key file ${source.path} is empty`);
  return { master, derivation: null };
}

/**
 * The key that a vault was written with.
 * @throws StartRefusal when the source is not the one that the vault was made with.
 */
export async function keyOf(source: KeySource, { kid, derivation }: Content): Promise<KeyInUse> {
  if (source.kind === "passphrase") {
    if (derivation === null) {
      throw new StartRefusal("the vault was made with a key file, and a passphrase was given");
    }
    return derived(source.passphrase, derivation);
  }
  if (derivation !== null) {
    throw new StartRefusal("the vault was made with a passphrase: set HUB_VAULT_PASSPHRASE_FILE");
  }
  const known = existsSync(source.path) ? readKeyFile(source.path) : [];
  const master = known.find((one) => one.kid === kid);
  if (master === undefined) {
    throw new StartRefusal(
      `the key of the vault (${kid}) is not in key file ${source.path}: put that file back`,
    );
  }
  return { master, derivation: null };
}

/** A new key for a rotation. It is safely stored before anything is wrapped with it. */
export async function nextKey(source: KeySource, passphrase?: Secret): Promise<KeyInUse> {
  if (source.kind === "passphrase") {
    return derived(passphrase ?? source.passphrase, newDerivation());
  }
  addKey(source.path);
  return firstKey(source);
}

/** Forgets the keys older than the one in use: nothing is wrapped with them any more. */
export function forgetOldKeys(source: KeySource, used: string): void {
  if (source.kind === "file") dropOldKeys(source.path, used);
}

async function derived(passphrase: Secret, derivation: Derivation): Promise<KeyInUse> {
  return { master: await deriveKey(passphrase, derivation), derivation };
}
