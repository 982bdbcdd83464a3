/** No escape is longer, so none that begins before the last so many bytes is cut. */
export const LONGEST_ESCAPE = 16;

/** Letters and digits: what every way of writing text down leaves as it is. */
const KEPT = new Uint8Array(256);
for (const one of Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")) {
  KEPT[one] = 1;
}

const [BACKSLASH, PERCENT, AMPERSAND] = [0x5c, 0x25, 0x26];
const TWO = 0x32;
const FIVE = 0x35;
/** Encoding more often than this is nobody's accident. */
const MOST_PERCENT_LAYERS = 3;

/** What {@link strip} wrote, and how far it read. */
interface Stripped {
  /** Bytes kept. */
  readonly kept: number;
  /** Where reading stopped. */
  readonly read: number;
}

/**
 * Writes the letters and digits of some bytes into `out`, escapes resolved or dropped, and the place
 * that each came from into `places`.
 * @param until where to stop; an escape that begins before it is read beyond it.
 */
export function strip(
  bytes: Uint8Array,
  until: number,
  out: Uint8Array,
  places: Uint32Array,
  start: number,
): Stripped {
  let kept = start;
  let at = 0;
  while (at < until) {
    const byte = bytes[at] ?? 0;
    if (KEPT[byte] === 1) {
      out[kept] = byte;
      places[kept] = at;
      kept += 1;
      at += 1;
    } else if (byte === BACKSLASH || byte === PERCENT || byte === AMPERSAND) {
      const escape = escapeAt(bytes, at, byte);
      const meant = escape & 0xff;
      if (KEPT[meant] === 1) {
        out[kept] = meant;
        places[kept] = at;
        kept += 1;
      }
      at += escape >> 8;
    } else {
      at += 1;
    }
  }
  return { kept, read: at };
}

/** The letters and digits of some bytes. */
export function skeletonOf(bytes: Uint8Array): Buffer {
  const out = Buffer.alloc(bytes.length);
  const { kept } = strip(bytes, bytes.length, out, new Uint32Array(bytes.length), 0);
  return out.subarray(0, kept);
}

/** Length of the escape at a place, times 256, and the byte it means; 0 for none that is kept. */
function escapeAt(bytes: Uint8Array, at: number, byte: number): number {
  if (byte === BACKSLASH) return backslashAt(bytes, at);
  return byte === PERCENT ? percentAt(bytes, at) : entityAt(bytes, at);
}

const BLANKS = new Set(Buffer.from("nrtbfv0"));
const LETTER_U = 0x75;
const LETTER_X = 0x78;

/** A run of backslashes, as text that was escaped twice has them, counts as one. */
function backslashAt(bytes: Uint8Array, at: number): number {
  const next = bytes[at + 1] ?? 0;
  if (BLANKS.has(next)) return 2 << 8;
  if (next === LETTER_U) {
    const code = hexAt(bytes, at + 2, 4);
    if (code >= 0) return (6 << 8) | asciiOnly(code);
  }
  if (next === LETTER_X) {
    const code = hexAt(bytes, at + 2, 2);
    if (code >= 0) return (4 << 8) | asciiOnly(code);
  }
  return 1 << 8;
}

function percentAt(bytes: Uint8Array, at: number): number {
  let from = at + 1;
  for (let layer = 0; layer < MOST_PERCENT_LAYERS; layer += 1) {
    if (bytes[from] !== TWO || bytes[from + 1] !== FIVE) break;
    from += 2;
  }
  const code = hexAt(bytes, from, 2);
  return code >= 0 ? ((from + 2 - at) << 8) | asciiOnly(code) : (from - at) << 8;
}

const ENTITY = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(?:amp|lt|gt|quot|apos|nbsp));/;

function entityAt(bytes: Uint8Array, at: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, lengthFrom(bytes, at));
  const [whole, decimal, hex] = ENTITY.exec(text.toString("latin1")) ?? [];
  if (whole === undefined) return 1 << 8;
  const code = decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number(decimal);
  return (whole.length << 8) | asciiOnly(code);
}

function lengthFrom(bytes: Uint8Array, at: number): number {
  return Math.min(LONGEST_ESCAPE, bytes.length - at);
}

function asciiOnly(code: number): number {
  return code < 0x80 ? code : 0;
}

/** The number that some hexadecimal digits write; -1 when they are none. */
function hexAt(bytes: Uint8Array, at: number, digits: number): number {
  let code = 0;
  for (let i = at; i < at + digits; i += 1) {
    const digit = DIGITS[bytes[i] ?? 0] ?? -1;
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

const DIGITS = new Int8Array(256).fill(-1);
for (const [value, digit] of "0123456789abcdef".split("").entries()) {
  DIGITS[digit.charCodeAt(0)] = value;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value;
}
