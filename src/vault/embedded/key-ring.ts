import { randomBytes, scrypt } from "node:crypto";
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { StartRefusal } from "../../config/refusal.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Secret } from "../../runtime/secret.ts";
import { exclusively } from "../lock.ts";
import { replaceFile } from "./durable-file.ts";
import { type MasterKey, masterKey } from "./seal.ts";

/** Where the master keys come from. */
export type KeySource =
  /** A file of `kid key` lines, made at the first use; the last line is the key in use. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "passphrase"; readonly passphrase: Secret };

/** How a key follows from a passphrase; kept with the vault, secret to nobody. */
export interface Derivation {
  readonly kid: string;
  /** Base64. */
  readonly salt: string;
}

const KEY_BYTES = 32;
/** scrypt: about a third of a second and 128 MB a guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const;
const LINE = /^([0-9a-f]{8}) ([A-Za-z0-9+/]{43}=)$/;

/**
 * The keys of a key file, oldest first; the file is made when there is none.
 * @throws StartRefusal when others may read it, or it holds no key.
 */
export function readKeyFile(path: string): readonly MasterKey[] {
  if (!existsSync(path)) addKey(path, { unlessThere: true });
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) {
      throw new StartRefusal(`key file ${path} can be read by others: run chmod 600 on it`);
    }
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    return lines.map((line) => {
      const [, kid, key] = LINE.exec(line) ?? [];
      if (kid === undefined || key === undefined) {
        throw new StartRefusal(`key file ${path} does not hold vault keys; nothing was changed`);
      }
      return masterKey(kid, Buffer.from(key, "base64"));
    });
  } catch (error) {
    if (error instanceof StartRefusal) throw error;
    throw new StartRefusal(`key file ${path} cannot be read: ${messageOf(error)}`, error);
  }
}

/** Adds a new key at the end of a key file. */
export function addKey(path: string, { unlessThere = false } = {}): void {
  exclusively(`${path}.lock`, () => {
    const isThere = existsSync(path);
    if (isThere && unlessThere) return;
    const present = isThere ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
    const line = `${newKid()} ${randomBytes(KEY_BYTES).toString("base64")}`;
    replaceFile(path, `${[...present, line].join("\n")}\n`);
    chmodSync(path, 0o600);
  });
}

/**
 * Takes the keys before the one in use out of a key file. Those behind it may belong to a rotation
 * that another process has begun.
 */
export function dropOldKeys(path: string, used: string): void {
  exclusively(`${path}.lock`, () => {
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const first = lines.findIndex((line) => line.startsWith(`${used} `));
    if (first > 0) replaceFile(path, `${lines.slice(first).join("\n")}\n`);
  });
}

/** A new way to derive a key. */
export function newDerivation(): Derivation {
  return { kid: newKid(), salt: randomBytes(16).toString("base64") };
}

/** The key that follows from a passphrase. Takes a third of a second by design. */
export function deriveKey(passphrase: Secret, { kid, salt }: Derivation): Promise<MasterKey> {
  return new Promise((resolve, reject) => {
    passphrase.use((text) =>
      scrypt(text, Buffer.from(salt, "base64"), KEY_BYTES, COST, (error, key) => {
        if (error === null) resolve(masterKey(kid, key));
        else reject(error);
      }),
    );
  });
}

function newKid(): string {
  return randomBytes(4).toString("hex");
}
