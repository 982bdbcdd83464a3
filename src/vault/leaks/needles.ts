import type { Canary } from "./canary.ts";
import { skeletonOf } from "./skeleton.ts";

/** A run of bytes that gives a canary away. */
export interface Needle {
  readonly canary: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** Fewer letters and digits in a row are met by chance in a large file. */
const LEAST_CORE = 12;

/** What stands before a canary may be read together with its first characters, as `\u` and four digits. */
const BORDER = 10;

/** The bytes of a canary in every encoding that keeps them in one piece. */
export function wholeNeedles({ name, value }: Canary): readonly Needle[] {
  const utf8 = Buffer.from(value, "utf8");
  const hex = utf8.toString("hex");
  const url = encodeURIComponent(value);
  const written: readonly (readonly [string, Buffer | string])[] = [
    ["plain", utf8],
    ["UTF-16LE", Buffer.from(value, "utf16le")],
    ["UTF-16BE", Buffer.from(value, "utf16le").swap16()],
    ...aligned(utf8, "base64").map((text) => ["base64", text] as const),
    ...aligned(utf8, "base64url").map((text) => ["base64url", text] as const),
    ["hex", hex],
    ["hex", hex.toUpperCase()],
    ["URL-encoded", url],
    ["URL-encoded twice", encodeURIComponent(url)],
    ["JSON-escaped", JSON.stringify(value).slice(1, -1)],
    ["HTML-escaped", htmlEscaped(value)],
  ];
  // Most encodings leave most values as they are; the first name for such bytes is the plainest.
  const seen = new Set<string>();
  return written.flatMap(([encoding, text]) => {
    const bytes = Buffer.from(text as string);
    const key = bytes.toString("latin1");
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ canary: name, encoding, bytes }];
  });
}

/**
 * What is left of a canary when everything but letters and digits is gone: it is found however its
 * characters were set apart or escaped.
 * @throws RangeError for a canary of too few letters and digits to be told from chance.
 */
export function brokenNeedles({ name, value }: Canary): readonly Needle[] {
  const utf8 = Buffer.from(value, "utf8");
  const hex = utf8.toString("hex");
  const written = [
    ["escaped or broken up", longestPiece(value)],
    ...aligned(utf8, "base64").map((text) => ["base64, broken up", text] as const),
    ["hex, broken up", hex],
    ["hex, broken up", hex.toUpperCase()],
  ] as const;
  return written.map(([encoding, text]) => {
    const bytes = skeletonOf(Buffer.from(text)).subarray(BORDER);
    if (bytes.length < LEAST_CORE) {
      const least = BORDER + LEAST_CORE;
      throw new RangeError(`canary ${name} needs ${least} letters and digits between escapes`);
    }
    return { canary: name, encoding, bytes };
  });
}

/**
 * Base64 of bytes that lie somewhere in a longer text: three bytes become four characters, so there
 * are three ways, each without the characters at the ends that depend on the neighbours.
 */
function aligned(bytes: Buffer, alphabet: "base64" | "base64url"): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(alphabet);
    const until = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(Math.ceil((before * 8) / 6), until);
  });
}

/** Free of the characters that begin an escape: whoever drops escapes must not drop parts of it. */
function longestPiece(value: string): string {
  const pieces = value.split(/[\\%&]/).map((piece) => ({ piece, core: coreLength(piece) }));
  return pieces.reduce((best, one) => (one.core > best.core ? one : best)).piece;
}

function coreLength(piece: string): number {
  return skeletonOf(Buffer.from(piece)).length;
}

function htmlEscaped(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
