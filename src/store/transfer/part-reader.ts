import { createHash } from "node:crypto";
import {
  FORMAT,
  FORMAT_VERSION,
  type Head,
  headSchema,
  type Row,
  type TableHead,
  type Trailer,
  tableSchema,
  trailerSchema,
} from "./format.ts";
import { LINE_BREAK } from "./lines.ts";
import { TransferRefusal } from "./refusal.ts";

/** A piece of an export, in the order of the file. */
export type Part =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "table"; readonly table: TableHead }
  | { readonly kind: "rows"; readonly table: TableHead; readonly rows: readonly Row[] }
  | { readonly kind: "trailer"; readonly trailer: Trailer };

/** So many bytes of rows are handed on together: with their wrapping well below a megabyte. */
const BATCH_BYTES = 400_000;

/** Puts the lines of an export together and proves them; every line is either right or refused. */
export class PartReader {
  readonly #path: string;
  readonly #hash = createHash("sha256");
  readonly #counts = new Map<string, number>();
  #line = 0;
  #table: TableHead | undefined;
  #rows: Row[] = [];
  #bytes = 0;
  #ended = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** @param line with its line break. @throws TransferRefusal naming what is wrong with the file. */
  *take(line: Buffer): Generator<Part, void> {
    this.#line += 1;
    if (this.#line > 1 && line.at(-1) !== LINE_BREAK) throw this.#cutOff();
    const value = this.#parse(line);
    if (this.#line === 1) yield { kind: "head", head: this.#head(value) };
    else if (Array.isArray(value)) yield* this.#row(value, line.length);
    else {
      yield* this.#flush();
      yield this.#tableOrTrailer(value);
    }
    if (!this.#ended) this.#hash.update(line);
  }

  /** @throws TransferRefusal when the trailer has not come. */
  end(): void {
    if (this.#line === 0) throw this.#refusal("is empty");
    if (!this.#ended) throw this.#cutOff();
  }

  #parse(line: Buffer): unknown {
    if (this.#ended) throw this.#refusal("goes on behind its last line");
    try {
      return JSON.parse(line.toString("utf8")) as unknown;
    } catch {
      if (this.#line === 1) throw this.#refusal("is not an export of the hub");
      throw this.#damaged();
    }
  }

  #head(value: unknown): Head {
    const isOurs = typeof value === "object" && value !== null && "format" in value;
    if (!isOurs || value.format !== FORMAT) throw this.#refusal("is not an export of the hub");
    if ("formatVersion" in value && value.formatVersion !== FORMAT_VERSION) {
      throw this.#refusal(
        `has format version ${String(value.formatVersion)}, and this hub reads ${FORMAT_VERSION}`,
      );
    }
    const head = headSchema.safeParse(value);
    if (head.success) return head.data;
    throw this.#damaged();
  }

  *#row(value: readonly unknown[], bytes: number): Generator<Part, void> {
    const { columns, table } = this.#table ?? { columns: [], table: "" };
    if (value.length !== columns.length || !value.every(isValue)) throw this.#damaged();
    this.#rows.push(value);
    this.#bytes += bytes;
    this.#counts.set(table, (this.#counts.get(table) ?? 0) + 1);
    if (this.#bytes >= BATCH_BYTES) yield* this.#flush();
  }

  *#flush(): Generator<Part, void> {
    if (this.#table === undefined || this.#rows.length === 0) return;
    yield { kind: "rows", table: this.#table, rows: this.#rows };
    this.#rows = [];
    this.#bytes = 0;
  }

  #tableOrTrailer(value: unknown): Part {
    const table = tableSchema.safeParse(value);
    if (table.success) {
      if (this.#counts.has(table.data.table)) throw this.#damaged();
      this.#table = table.data;
      this.#counts.set(table.data.table, 0);
      return { kind: "table", table: table.data };
    }
    const trailer = trailerSchema.safeParse(value);
    if (!trailer.success || !this.#proves(trailer.data)) throw this.#damaged();
    this.#ended = true;
    return { kind: "trailer", trailer: trailer.data };
  }

  #proves({ rows, sha256 }: Trailer): boolean {
    const names = Object.keys(rows);
    return (
      this.#hash.digest("hex") === sha256 &&
      names.length === this.#counts.size &&
      names.every((name) => rows[name] === this.#counts.get(name))
    );
  }

  #cutOff(): TransferRefusal {
    return this.#refusal("is cut off: its last line is missing");
  }

  #damaged(): TransferRefusal {
    return this.#refusal(
      `is damaged: line ${this.#line} or one before it is not as it was written`,
    );
  }

  #refusal(what: string): TransferRefusal {
    return new TransferRefusal(`${this.#path} ${what}`);
  }
}

function isValue(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
