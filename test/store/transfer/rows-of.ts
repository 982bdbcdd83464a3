import { readExport } from "../../../src/store/transfer/read-file.ts";

/** The rows of one table in an export, each value by the name of its column. */
export async function rowsOf(
  path: string,
  table: string,
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const found: Record<string, string | null>[] = [];
  for await (const part of readExport(path)) {
    if (part.kind !== "rows" || part.table.table !== table) continue;
    const { columns } = part.table;
    for (const row of part.rows) {
      found.push(Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])));
    }
  }
  return found;
}
