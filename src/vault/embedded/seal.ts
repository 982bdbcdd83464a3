import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

/** A key that wraps other keys, and its name. */
export interface MasterKey {
  readonly kid: string;
  readonly key: KeyObject;
  /** Holds the whole file together; another key, since one key serves one purpose. */
  readonly fileKey: KeyObject;
}

/** The keys that follow from 32 random bytes. */
export function masterKey(kid: string, root: Buffer): MasterKey {
  const derived = (purpose: string): KeyObject =>
    createSecretKey(
      Buffer.from(hkdfSync("sha256", root, kid, `trading-hub ${purpose}`, KEY_BYTES)),
    );
  return { kid, key: derived("wrapping"), fileKey: derived("file") };
}

/** AES-256-GCM output; each part base64. */
interface Box {
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** A value under a data key of its own, and that key under a master key. */
export interface Sealed {
  readonly kid: string;
  readonly wrapped: Box;
  readonly value: Box;
}

/** Where a value belongs: it opens nowhere else. */
export interface Place {
  readonly path: string;
  readonly version: number;
}

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a value for its place, under a new data key. */
export function seal(master: MasterKey, place: Place, plain: string): Sealed {
  const dataKey = randomBytes(KEY_BYTES);
  const value = encrypt(createSecretKey(dataKey), valueContext(place), Buffer.from(plain));
  const wrapped = encrypt(master.key, keyContext(master.kid, place), dataKey);
  dataKey.fill(0);
  return { kid: master.kid, wrapped, value };
}

/**
 * Opens a sealed value.
 * @throws Error when it was altered, moved to another place, or sealed under another key.
 */
export function open(master: MasterKey, place: Place, sealed: Sealed): string {
  const dataKey = unwrap(master, place, sealed);
  const plain = decrypt(createSecretKey(dataKey), valueContext(place), sealed.value);
  dataKey.fill(0);
  return plain.toString("utf8");
}

/** Puts the data key under another master key; the value itself is not touched. */
export function rewrap(from: MasterKey, to: MasterKey, place: Place, sealed: Sealed): Sealed {
  const dataKey = unwrap(from, place, sealed);
  const wrapped = encrypt(to.key, keyContext(to.kid, place), dataKey);
  dataKey.fill(0);
  return { kid: to.kid, wrapped, value: sealed.value };
}

function unwrap(master: MasterKey, place: Place, sealed: Sealed): Buffer {
  return decrypt(master.key, keyContext(master.kid, place), sealed.wrapped);
}

/** JSON keeps the parts apart: no path can be written so that it reads as another one. */
function valueContext({ path, version }: Place): Buffer {
  return Buffer.from(JSON.stringify(["value", path, version]));
}

function keyContext(kid: string, { path, version }: Place): Buffer {
  return Buffer.from(JSON.stringify(["key", kid, path, version]));
}

function encrypt(key: KeyObject, context: Buffer, plain: Buffer): Box {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(context);
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    data: data.toString("base64"),
  };
}

function decrypt(key: KeyObject, context: Buffer, box: Box): Buffer {
  // Without a stated length a tag of four bytes would be taken as well.
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(box.iv, "base64"), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(context);
  decipher.setAuthTag(Buffer.from(box.tag, "base64"));
  return Buffer.concat([decipher.update(Buffer.from(box.data, "base64")), decipher.final()]);
}
