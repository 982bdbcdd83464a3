import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { StartRefusal } from "../../config/refusal.ts";
import { messageOf } from "../../runtime/errors.ts";
import { replaceFile } from "./durable-file.ts";

const box = z.strictObject({ iv: z.base64(), tag: z.base64(), data: z.base64() });

const version = z.strictObject({
  version: z.int().min(1),
  /** When it was written, UTC ms. */
  at: z.int(),
  kid: z.string(),
  wrapped: box,
  value: box,
});

/** What lies in the file: every value sealed, the paths in clear. */
const content = z.strictObject({
  /** Rises by one with each writing of the file. */
  revision: z.int().min(0),
  /** The master key it was written with. */
  kid: z.string(),
  /** How that key follows from a passphrase; null when it lies in a key file. */
  derivation: z.strictObject({ kid: z.string(), salt: z.base64() }).nullable(),
  /** Versions of each path, newest first. */
  items: z.record(z.string(), z.array(version).min(1)),
});

export type Content = z.infer<typeof content>;
export type StoredVersion = z.infer<typeof version>;

const FORMAT = "trading-hub vault 1";

/** A file as it was read: its content is not believed before {@link checkSeal}. */
export interface ReadFile {
  readonly content: Content;
  /** The exact text the seal was made over. */
  readonly text: string;
  readonly seal: string;
}

/**
 * Reads a vault file: a line with the format, a line of content, a line with the seal over both.
 * Undefined when there is none.
 * @throws StartRefusal when it is not whole; it is left as it is.
 */
export function readVaultFile(path: string): ReadFile | undefined {
  if (!existsSync(path)) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new StartRefusal(`vault file ${path} cannot be read: ${messageOf(error)}`, error);
  }
  const [format, body = "", sealLine = "", end] = text.split("\n");
  if (format !== FORMAT || end !== "") throw damaged(path, "is cut off or no vault file");
  let parsed: ReturnType<typeof content.safeParse>;
  try {
    parsed = content.safeParse(JSON.parse(body));
  } catch {
    throw damaged(path, "is not readable");
  }
  if (!parsed.success) throw damaged(path, "has an unknown form");
  return { content: parsed.data, text: body, seal: sealLine };
}

/** Whether the file was written by somebody who had the key, and is whole. */
export function checkSeal({ text, seal }: ReadFile, key: KeyObject): boolean {
  const expected = Buffer.from(sealOf(text, key), "hex");
  const found = Buffer.from(seal, "hex");
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** Writes the file anew, whole or not at all. */
export function writeVaultFile(path: string, next: Content, key: KeyObject): void {
  const body = JSON.stringify(next);
  replaceFile(path, `${FORMAT}\n${body}\n${sealOf(body, key)}\n`);
}

/** Each value is sealed by itself; this one holds them together: none can be left out or put back. */
function sealOf(body: string, key: KeyObject): string {
  return createHmac("sha256", key).update("vault file").update(body).digest("hex");
}

function damaged(path: string, how: string): StartRefusal {
  return new StartRefusal(
    `vault file ${path} ${how}; it was left as it is: put a backup in its place`,
  );
}
