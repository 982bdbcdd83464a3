import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { Secret } from "../../runtime/secret.ts";
import type { Lease, SealedLease } from "../lease.ts";

type Terms = Omit<Lease, "parts">;

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * The key of one wish for a lease that has to cross into this process. Its private half never leaves
 * this object, and it serves once: a lease that was recorded on its way opens for nobody.
 */
export class LeaseKey {
  readonly #pair = generateKeyPairSync("x25519");

  /** What the wish carries, base64url. */
  get publicKey(): string {
    return textOf(this.#pair.publicKey);
  }

  /** @throws Error when the lease was altered on its way, or sealed for another key. */
  open(lease: SealedLease): Lease {
    let plain: Buffer;
    try {
      plain = this.#decrypt(lease);
    } catch (cause) {
      throw new Error("the lease was altered on its way, or sealed for another key", { cause });
    }
    const parts = JSON.parse(plain.toString("utf8")) as Readonly<Record<string, string>>;
    plain.fill(0);
    return { ...termsOf(lease), parts: mapParts(parts, (text) => new Secret(text)) };
  }

  #decrypt(lease: SealedLease): Buffer {
    const { publicKey, iv, tag, sealed } = lease;
    const shared = agree(this.#pair.privateKey, readPublicKey(publicKey));
    const key = keyOf(shared, this.publicKey, publicKey);
    // A shorter tag would be accepted otherwise, and is guessed sooner.
    const decipher = createDecipheriv(CIPHER, key, bytes(iv), { authTagLength: TAG_BYTES });
    decipher.setAAD(contextOf(lease));
    decipher.setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]);
  }
}

/**
 * Seals a lease for whoever holds the private half of a public key; nobody on the way can read or
 * change it, its terms included.
 * @throws RangeError when the text is no public key, or the lease has become void.
 */
export function sealLease({ parts, ...terms }: Lease, publicKey: string): SealedLease {
  const theirs = readPublicKey(publicKey);
  const own = generateKeyPairSync("x25519");
  const ownKey = textOf(own.publicKey);
  const key = keyOf(agree(own.privateKey, theirs), publicKey, ownKey);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(contextOf(terms));
  const plain = Buffer.from(JSON.stringify(mapParts(parts, (part) => part.use((text) => text))));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  plain.fill(0);
  const written = { iv, tag: cipher.getAuthTag(), sealed };
  return {
    ...terms,
    publicKey: ownKey,
    ...mapParts(written, (part) => part.toString("base64url")),
  };
}

/** @throws RangeError unless it is an X25519 public key, written in the one way there is. */
function readPublicKey(text: string): KeyObject {
  const raw = bytes(text);
  // The uppermost bit means nothing: with it one key could be shown twice as if it were two.
  const isOne = raw.length === KEY_BYTES && ((raw.at(-1) ?? 0) & 0x80) === 0;
  if (!isOne || raw.toString("base64url") !== text) throw new RangeError("not a public key");
  return createPublicKey({ key: { kty: "OKP", crv: "X25519", x: text }, format: "jwk" });
}

/** @throws RangeError for a key that would make the agreement known to everybody. */
function agree(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new RangeError("not a public key to agree with", { cause });
  }
}

/** Both public keys belong to the derivation: an agreement with others is another key. */
function keyOf(shared: Buffer, asker: string, lender: string): KeyObject {
  const salt = Buffer.concat([bytes(asker), bytes(lender)]);
  const derived = Buffer.from(hkdfSync("sha256", shared, salt, "hub lease 1", KEY_BYTES));
  shared.fill(0);
  const key = createSecretKey(derived);
  derived.fill(0);
  return key;
}

/** What is said of a lease beside its values. */
function termsOf({ id, secret, version, origin, validForMs }: Terms): Terms {
  return { id, secret, version, origin, validForMs };
}

/** Always in this order; JSON keeps the terms apart, so that none can be read as others. */
function contextOf(terms: Terms): Buffer {
  return Buffer.from(JSON.stringify(termsOf(terms)));
}

function mapParts<Name extends string, From, To>(
  parts: Readonly<Record<Name, From>>,
  change: (part: From) => To,
): Record<Name, To> {
  const changed = Object.entries<From>(parts).map(([name, part]) => [name, change(part)] as const);
  return Object.fromEntries(changed) as Record<Name, To>;
}

function textOf(publicKey: KeyObject): string {
  return publicKey.export({ format: "jwk" }).x ?? "";
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "base64url");
}
