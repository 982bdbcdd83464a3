import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StartRefusal } from "../../config/refusal.ts";
import type { Secret } from "../../runtime/secret.ts";
import { exclusively } from "../lock.ts";
import type { KeySource } from "./key-ring.ts";
import { firstKey, forgetOldKeys, type KeyInUse, keyOf, nextKey } from "./keys.ts";
import { open, rewrap, seal } from "./seal.ts";
import {
  type Content,
  checkSeal,
  readVaultFile,
  type StoredVersion,
  writeVaultFile,
} from "./vault-file.ts";

/** A value as it was written. */
export interface Item {
  readonly value: string;
  /** 1 for the first writing of its path. */
  readonly version: number;
  /** UTC ms. */
  readonly at: number;
}

/** What is known of a path without opening it. */
export interface Listed {
  readonly path: string;
  readonly version: number;
  readonly at: number;
  /** Older versions still kept. */
  readonly older: number;
}

/** A mistyped value can be looked up again, and a rotated key is of no use for long. */
const KEPT_VERSIONS = 10;

/**
 * The vault's file, opened with its key. Another process may write to it as well: every call works
 * on what lies there now.
 */
export class VaultBox {
  readonly #path: string;
  readonly #source: KeySource;
  #inUse: KeyInUse;
  #content: Content;
  #stamp: string;

  private constructor(
    path: string,
    source: KeySource,
    inUse: KeyInUse,
    content: Content,
    stamp: string,
  ) {
    this.#path = path;
    this.#source = source;
    this.#inUse = inUse;
    this.#content = content;
    this.#stamp = stamp;
  }

  /**
   * Opens a vault file, or makes an empty one.
   * @throws StartRefusal for a wrong passphrase or key, or a file that is damaged or was altered;
   *   nothing is written then.
   */
  static async open(path: string, source: KeySource): Promise<VaultBox> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!existsSync(path)) await create(path, source);
    // Before it is read: what another process writes from now on is noticed.
    const stamp = stampOf(path);
    const file = readVaultFile(path);
    if (file === undefined) throw new StartRefusal(`vault file ${path} is gone`);
    const inUse = await keyOf(source, file.content);
    if (!checkSeal(file, inUse.master.fileKey)) throw sealBroken(path, source);
    return new VaultBox(path, source, inUse, file.content, stamp);
  }

  /** The newest version of a path, or the one asked for; undefined when there is none. */
  async get(path: string, version?: number): Promise<Item | undefined> {
    await this.#refresh();
    const found = versionsOf(this.#content, path).find(
      (one) => version === undefined || one.version === version,
    );
    if (found === undefined) return undefined;
    const place = { path, version: found.version };
    const value = open(this.#inUse.master, place, found);
    return { value, version: found.version, at: found.at };
  }

  /**
   * Writes a new version of a path; answers its number.
   * @param kept how many versions stay, this one included.
   */
  put(path: string, value: string, at: number, kept = KEPT_VERSIONS): Promise<number> {
    return this.#change(() => {
      const older = versionsOf(this.#content, path);
      const version = (older[0]?.version ?? 0) + 1;
      const fresh = { version, at, ...seal(this.#inUse.master, { path, version }, value) };
      const versions = [fresh, ...older].slice(0, kept);
      this.#write({ ...this.#content, items: { ...this.#content.items, [path]: versions } });
      return version;
    });
  }

  /** Forgets a path with all its versions; nothing happens when there is none. */
  remove(path: string): Promise<void> {
    return this.#change(() => {
      if (versionsOf(this.#content, path).length === 0) return;
      const { [path]: _gone, ...items } = this.#content.items;
      this.#write({ ...this.#content, items });
    });
  }

  async list(): Promise<readonly Listed[]> {
    await this.#refresh();
    return Object.entries(this.#content.items)
      .map(([path, [newest, ...older]]) => ({
        path,
        version: newest?.version ?? 0,
        at: newest?.at ?? 0,
        older: older.length,
      }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Puts every data key under a new master key; no value is opened. Interrupted anywhere, either key
   * still opens what lies there.
   * @param passphrase the new one, for a vault that has one; the old one stays when left out.
   */
  async rotate(passphrase?: Secret): Promise<{ readonly items: number; readonly kid: string }> {
    const next = await nextKey(this.#source, passphrase);
    const { kid } = next.master;
    const items = await this.#change(() => {
      const from = this.#inUse.master;
      const wrapped = mapVersions(this.#content, (path, one) => ({
        ...one,
        ...rewrap(from, next.master, { path, version: one.version }, one),
      }));
      this.#inUse = next;
      this.#write({ ...this.#content, kid, derivation: next.derivation, items: wrapped });
      return Object.keys(wrapped).length;
    });
    exclusively(`${this.#path}.lock`, () => {
      const used = readVaultFile(this.#path)?.content.kid;
      if (used !== undefined) forgetOldKeys(this.#source, used);
    });
    return { items, kid };
  }

  #write(next: Content): void {
    const content = { ...next, revision: this.#content.revision + 1 };
    writeVaultFile(this.#path, content, this.#inUse.master.fileKey);
    this.#content = content;
    this.#stamp = stampOf(this.#path);
  }

  /** Changes what lies there now: when another process was faster, what it wrote is read first. */
  async #change<T>(change: () => T): Promise<T> {
    for (;;) {
      await this.#refresh();
      const done = exclusively(`${this.#path}.lock`, () =>
        stampOf(this.#path) === this.#stamp ? { value: change() } : undefined,
      );
      if (done !== undefined) return done.value;
    }
  }

  async #refresh(): Promise<void> {
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp) return;
    const file = readVaultFile(this.#path);
    if (file === undefined) throw new StartRefusal(`vault file ${this.#path} is gone`);
    const isSameKey = file.content.kid === this.#inUse.master.kid;
    const inUse = isSameKey ? this.#inUse : await keyOf(this.#source, file.content);
    if (!checkSeal(file, inUse.master.fileKey)) throw sealBroken(this.#path, this.#source);
    this.#inUse = inUse;
    this.#content = file.content;
    this.#stamp = stamp;
  }
}

/** Makes an empty vault file, unless another process is faster. */
async function create(path: string, source: KeySource): Promise<void> {
  const { master, derivation } = await firstKey(source);
  const content = { revision: 0, kid: master.kid, derivation, items: {} };
  exclusively(`${path}.lock`, () => {
    if (!existsSync(path)) writeVaultFile(path, content, master.fileKey);
  });
}

function versionsOf(content: Content, path: string): readonly StoredVersion[] {
  return Object.hasOwn(content.items, path) ? (content.items[path] ?? []) : [];
}

function mapVersions(
  content: Content,
  change: (path: string, version: StoredVersion) => StoredVersion,
): Content["items"] {
  return Object.fromEntries(
    Object.entries(content.items).map(([path, versions]) => [
      path,
      versions.map((one) => change(path, one)),
    ]),
  );
}

/** Which writing of the file lies there: it is replaced as a whole each time. */
function stampOf(path: string): string {
  const { ino, mtimeNs, size } = statSync(path, { bigint: true });
  return `${ino}/${mtimeNs}/${size}`;
}

function sealBroken(path: string, source: KeySource): StartRefusal {
  const suspicion = source.kind === "passphrase" ? "the passphrase is wrong, or " : "";
  return new StartRefusal(
    `vault file ${path} does not open: ${suspicion}it was altered; it was left as it is`,
  );
}
