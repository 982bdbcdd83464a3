const TYPE_BYTES = 1;
const LENGTH_BYTES = 4;

/** One message of PostgreSQL's protocol, version 3. */
export interface Frame {
  /** The letter of its kind; empty for the first message of a connection, which has none. */
  readonly type: string;
  /** Without the letter and the length. */
  readonly body: Buffer;
  /** All of it, as it is passed on. */
  readonly bytes: Buffer;
}

/**
 * Cuts a stream into messages.
 * Source: PostgreSQL's documentation, "Message Formats": a letter, the length with itself, the body.
 */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);
  #isFirst: boolean;

  /** @param from the server's messages all have a letter, the client's first one has none. */
  constructor(from: "client" | "server") {
    this.#isFirst = from === "client";
  }

  /** The messages that have come to their end with this piece. */
  push(chunk: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const found: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) found.push(frame);
    return found;
  }

  #next(): Frame | undefined {
    const letterBytes = this.#isFirst ? 0 : TYPE_BYTES;
    if (this.#rest.length < letterBytes + LENGTH_BYTES) return undefined;
    const size = letterBytes + this.#rest.readInt32BE(letterBytes);
    if (this.#rest.length < size) return undefined;
    const bytes = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    this.#isFirst = false;
    const type = bytes.toString("latin1", 0, letterBytes);
    return { type, bytes, body: bytes.subarray(letterBytes + LENGTH_BYTES) };
  }
}

/** Reads the fields of a message one after the other. */
class Fields {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  text(): string {
    const end = this.#body.indexOf(0, this.#at);
    const found = this.#body.toString("utf8", this.#at, end);
    this.#at = end + 1;
    return found;
  }

  short(): number {
    this.#at += 2;
    return this.#body.readInt16BE(this.#at - 2);
  }

  /** A value with its length before it; null is empty. */
  value(): string {
    const length = Math.max(0, this.#body.readInt32BE(this.#at));
    this.#at += 4 + length;
    return this.#body.toString("utf8", this.#at - length, this.#at);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }
}

/** What a `Parse` message prepares, and under which name. */
export function parsed(body: Buffer): { readonly name: string; readonly text: string } {
  const fields = new Fields(body);
  return { name: fields.text(), text: fields.text() };
}

/** Which statement a `Bind` message runs, and its values as text. */
export function bound(body: Buffer): { readonly name: string; readonly values: string[] } {
  const fields = new Fields(body);
  fields.text(); // the portal
  const name = fields.text();
  fields.skip(2 * fields.short()); // how each value is written
  const values = Array.from({ length: fields.short() }, () => fields.value());
  return { name, values };
}
