import type { Secret } from "../runtime/secret.ts";

const PRINTED = "<redacted>";

/** Shorter values would take every other word out of a log. */
const LEAST_BYTES = 6;

/** Parts of secrets, and passwords of test databases, that say nothing and are written everywhere. */
const ORDINARY: ReadonlySet<string> = new Set([
  "practice",
  "sandbox",
  "testnet",
  "default",
  "production",
  "postgres",
  "postgresql",
  "password",
  "secret",
  "redacted",
]);

/** How many bytes tell whether a form may begin here. */
const MARK_BYTES = 4;

/**
 * Takes values that are known to be secret out of text, however they are written there: plain, in
 * JSON, in a URL, as hex or base64, also as a piece of something longer.
 *
 * What it looks for lies outside the JavaScript heap, as secrets do. A line costs the same however
 * many of them there are: only where the first bytes fit is anything compared.
 */
export class Redactor {
  /** Forms by the mark of their first bytes, the longest first. */
  readonly #forms = new Map<number, readonly Buffer[]>();

  /** From now on the value is taken out; short ones and ordinary words are let through. Repeatable. */
  add(secret: Secret): void {
    if (secret.length < LEAST_BYTES) return;
    secret.use((value) => {
      if (ORDINARY.has(value.trim().toLowerCase())) return;
      for (const form of formsOf(value)) this.#learn(form);
    });
  }

  redact(text: string): string {
    if (this.#forms.size === 0) return text;
    const bytes = Buffer.from(text);
    const pieces: string[] = [];
    let kept = 0; // where the text begins that was not put out yet
    let window = 0; // the newest four bytes
    for (let end = 0; end < bytes.length; end += 1) {
      window = (window << 8) | (bytes[end] ?? 0);
      const at = end - MARK_BYTES + 1;
      const found = at < kept ? 0 : this.#lengthAt(bytes, at, markOf(window));
      if (found === 0) continue;
      pieces.push(bytes.toString("utf8", kept, at), PRINTED);
      kept = at + found;
    }
    return kept === 0 ? text : pieces.join("") + bytes.toString("utf8", kept);
  }

  /** How many bytes of a known form stand here. */
  #lengthAt(bytes: Buffer, at: number, mark: number): number {
    const form = this.#forms
      .get(mark)
      ?.find((one) => bytes.subarray(at, at + one.length).equals(one));
    return form?.length ?? 0;
  }

  #learn(text: string): void {
    const form = Buffer.alloc(Buffer.byteLength(text));
    form.write(text);
    if (form.length < LEAST_BYTES) return;
    const mark = markOf(form.readInt32BE(0));
    const known = this.#forms.get(mark) ?? [];
    if (known.some((one) => one.equals(form))) return;
    this.#forms.set(
      mark,
      [...known, form].toSorted((a, b) => b.length - a.length),
    );
  }
}

/** A small number for four bytes, which does not give them away; others may share it. */
function markOf(bytes: number): number {
  return Math.imul(bytes, 0x9e3779b1) >>> 16;
}

/** Every way in which a value is written. */
function formsOf(value: string): readonly string[] {
  // What is read from a file often ends in a line break that its user leaves away.
  return [value, value.trim()].flatMap((text) => {
    const inJson = JSON.stringify(text).slice(1, -1);
    const inUrl = encodeURIComponent(text);
    const bytes = Buffer.from(text);
    const hex = bytes.toString("hex");
    return [
      text,
      inJson,
      JSON.stringify(inJson).slice(1, -1), // JSON inside of JSON
      inUrl,
      inUrl.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      inUrl.replaceAll("%20", "+"),
      hex,
      hex.toUpperCase(),
      ...base64Of(bytes),
    ];
  });
}

/**
 * Base64 of the value, and what is the same of it wherever it stands in something longer, such as a
 * login: three bytes become four characters, so there are three ways to cut it.
 */
function base64Of(bytes: Buffer): readonly string[] {
  const inside = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const first = Math.ceil((before * 8) / 6);
    return encoded.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString("base64").replaceAll("=", ""), ...inside].flatMap((text) => [
    text,
    text.replaceAll("+", "-").replaceAll("/", "_"),
  ]);
}
