import { randomUUID } from "node:crypto";
import { FailureError } from "../../runtime/errors.ts";
import type { Database } from "../port.ts";
import { numberOf } from "../repositories/parse.ts";
import type { Part } from "./part-reader.ts";
import { type CheckedExport, readExport } from "./read-file.ts";
import { refusing, spoken, TransferRefusal } from "./refusal.ts";

/** Clearing away what a broken import left may take its time; a REST face has its own limit. */
const LONG_CALL_MS = 120_000;

/**
 * Puts the rows of a checked export into an empty database. Half full it is marked as such: no hub
 * starts on it, and another import begins anew.
 * @throws TransferRefusal when the database cannot take the rows; StoreFailure when it fails.
 */
export async function importExport(
  database: Database,
  { path, head, trailer }: CheckedExport,
): Promise<void> {
  const id = randomUUID();
  const call = (fn: string, args: { readonly [name: string]: unknown }): Promise<unknown> =>
    database.call(fn, { p_import: id, ...args }, { timeoutMs: LONG_CALL_MS });
  await refusing(() => call("hub_import_begin", { p_version: head.schemaVersion }));
  try {
    const last: Record<string, string | null> = {};
    for await (const part of readExport(path)) {
      if (part.kind === "table") last[part.table.table] = part.table.last;
      if (part.kind === "rows") await takeRows(call, part);
      if (part.kind === "trailer" && part.trailer.sha256 !== trailer.sha256) {
        throw new TransferRefusal(`${path} was written anew while it was read`);
      }
    }
    const isOurs = await call("hub_import_end", { p_last: last });
    if (isOurs !== true) throw new TransferRefusal("another import was faster");
  } catch (thrown) {
    if (!(thrown instanceof FailureError)) throw thrown;
    const reason = spoken(thrown);
    throw new TransferRefusal(`the import did not end, run it again: ${reason}`, thrown);
  }
}

async function takeRows(
  call: (fn: string, args: { readonly [name: string]: unknown }) => Promise<unknown>,
  { table: { table, columns }, rows }: Extract<Part, { kind: "rows" }>,
): Promise<void> {
  const args = { p_table: table, p_columns: columns, p_rows: rows };
  const added = numberOf(await call("hub_import", args));
  if (added !== rows.length) throw new TransferRefusal(`${table} has the same row twice`);
}
