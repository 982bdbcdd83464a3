import type { OpenStore } from "../open.ts";
import { withSnapshot } from "../pg/snapshot.ts";
import type { Database } from "../port.ts";
import { listOf, rowOf, textIn, textOf } from "../repositories/parse.ts";
import type { TableHead } from "./format.ts";
import { refusing, TransferRefusal } from "./refusal.ts";

/** What one answer of a REST face may hold: well below a megabyte. */
const SMALL_PAGE_BYTES = 400_000;
/** Fewer and larger pages, where nothing stands in their way. */
const LARGE_PAGE_BYTES = 2_000_000;

/** A database that rows are read from, all of them as of one instant. */
export interface Source {
  readonly database: Database;
  /** In their order: what a table refers to comes before it. */
  readonly tables: readonly TableHead[];
  /** How much is read at once, about. */
  readonly pageBytes: number;
  /** Call it once all is read. @throws TransferRefusal when the rows do not belong together. */
  confirm(): Promise<void>;
}

/**
 * Reads a database as it stands at one instant: in one transaction where there is a connection. A
 * REST face gives a transaction a call, so there the database must stand still meanwhile.
 */
export async function withSource<T>(
  { place, store }: OpenStore,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  if (place !== undefined) {
    return withSnapshot(place, async (database) =>
      work({
        database,
        tables: await tablesOf(database),
        pageBytes: LARGE_PAGE_BYTES,
        confirm: async () => {},
      }),
    );
  }
  const { database } = store;
  const tables = await tablesOf(database);
  const before = await marks(database, tables);
  const confirm = async (): Promise<void> => {
    if ((await marks(database, tables)) === before) return;
    throw new TransferRefusal("the database changed during the export: stop the hub first");
  };
  return work({ database, tables, pageBytes: SMALL_PAGE_BYTES, confirm });
}

async function tablesOf(database: Database): Promise<readonly TableHead[]> {
  const answer = await refusing(() => database.call("hub_export_tables", {}));
  return listOf(answer, (value) => {
    const row = rowOf(value);
    const columns = listOf(row["columns"], (column) => textOf(column));
    const last = row["last"] === null ? null : textIn(row, "last");
    return { table: textIn(row, "table"), columns: [...columns], last };
  });
}

async function marks(database: Database, tables: readonly TableHead[]): Promise<string> {
  const found: unknown[] = [];
  for (const { table } of tables) {
    found.push(await database.call("hub_export_mark", { p_table: table }));
  }
  return JSON.stringify(found);
}
