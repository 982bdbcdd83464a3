import { createHash } from "node:crypto";
import { listOf, rowOf, textOf } from "../repositories/parse.ts";
import { type Head, lineOf, type Row, type Trailer } from "./format.ts";
import type { Source } from "./source.ts";

/** Some rows, and the key behind which the next ones stand. */
interface Page {
  readonly rows: readonly Row[];
  readonly after: unknown;
}

/**
 * Writes a database as the text of an export, a page at a time, so that its size does not matter.
 * @param onEnd told what the last line says, just before that line comes.
 */
export async function* exportText(
  source: Source,
  head: Head,
  onEnd: (trailer: Trailer) => void,
): AsyncGenerator<string, void> {
  const hash = createHash("sha256");
  const sealed = (text: string): string => {
    hash.update(text);
    return text;
  };
  const counts: Record<string, number> = {};
  yield sealed(lineOf(head));
  for (const table of source.tables) {
    yield sealed(lineOf(table));
    let count = 0;
    for await (const rows of pages(source, table.table)) {
      yield sealed(rows.map(lineOf).join(""));
      count += rows.length;
    }
    counts[table.table] = count;
  }
  await source.confirm();
  const trailer = { rows: counts, sha256: hash.digest("hex") };
  onEnd(trailer);
  yield lineOf(trailer);
}

async function* pages(
  { database, pageBytes }: Source,
  table: string,
): AsyncGenerator<readonly Row[], void> {
  let after: unknown = null;
  for (;;) {
    const args = { p_table: table, p_after: after, p_bytes: pageBytes };
    const page = pageOf(await database.call("hub_export", args));
    if (page.rows.length === 0) return;
    yield page.rows;
    after = page.after;
  }
}

function pageOf(answer: unknown): Page {
  const { rows, after } = rowOf(answer);
  const values = (row: unknown): Row =>
    listOf(row, (value) => (value === null ? null : textOf(value)));
  return { rows: listOf(rows, values), after };
}
