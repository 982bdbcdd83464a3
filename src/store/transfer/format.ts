import { z } from "zod";

/** Stands first in every export; what does not begin with it is something else. */
export const FORMAT = "trading-hub-export";
/** Rises when an older hub could no longer read the file. */
export const FORMAT_VERSION = 1;

export const headSchema = z.strictObject({
  format: z.literal(FORMAT),
  formatVersion: z.int(),
  /** The newest migration of the database; only one of the same schema can take the rows. */
  schemaVersion: z.string(),
  /** ISO 8601, UTC. */
  exportedAt: z.string(),
  road: z.string(),
});

export const tableSchema = z.strictObject({
  table: z.string(),
  columns: z.array(z.string()).min(1),
  /** How far the table's own numbering has come; null where it has none, or nothing was numbered. */
  last: z.string().nullable(),
});

export const trailerSchema = z.strictObject({
  /** Rows of each table. */
  rows: z.record(z.string(), z.int()),
  /** Of every byte before this line, in hex. */
  sha256: z.string(),
});

/** The first line of an export. */
export type Head = Readonly<z.infer<typeof headSchema>>;
/** The line before the rows of a table. */
export type TableHead = Readonly<z.infer<typeof tableSchema>>;
/** The last line of an export. */
export type Trailer = Readonly<z.infer<typeof trailerSchema>>;

/** One row: each value as PostgreSQL writes it, in the order of the table's columns. */
export type Row = readonly (string | null)[];

/** A line of the file. JSON text holds no line break of its own. */
export function lineOf(value: Head | TableHead | Trailer | Row): string {
  return `${JSON.stringify(value)}\n`;
}
