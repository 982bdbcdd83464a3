import type { OpenStore } from "../open.ts";
import { openPgDatabase } from "../pg/database.ts";
import { textOf } from "../repositories/parse.ts";
import { exportText } from "./export.ts";
import { FORMAT, FORMAT_VERSION, type Head, type Trailer } from "./format.ts";
import { importExport } from "./import.ts";
import type { CheckedExport } from "./read-file.ts";
import { TransferRefusal } from "./refusal.ts";
import { withSource } from "./source.ts";

/** The two ends of an export that was written. */
export interface Exported {
  readonly head: Head;
  readonly trailer: Trailer;
}

export interface ExportOptions {
  /** The schema that this hub knows. */
  readonly schemaVersion: string;
  readonly nowMs: number;
  /** Takes the text to where it is kept. */
  readonly write: (text: AsyncIterable<string>) => Promise<void>;
}

/**
 * Exports everything that is meant to last, as it stands at one instant.
 * @throws TransferRefusal when the database is of another version, or changed where it must not.
 */
export async function exportStore(
  opened: OpenStore,
  { schemaVersion, nowMs, write }: ExportOptions,
): Promise<Exported> {
  const present = textOf(await opened.store.database.call("hub_version", {}));
  if (present !== schemaVersion) {
    throw new TransferRefusal(
      `the database has schema ${present} and this command knows ${schemaVersion}: use the command of the hub that runs on it, or \`hub db migrate\``,
    );
  }
  return withSource(opened, async (source) => {
    const head: Head = {
      format: FORMAT,
      formatVersion: FORMAT_VERSION,
      schemaVersion,
      exportedAt: new Date(nowMs).toISOString(),
      road: opened.road,
    };
    let trailer: Trailer = { rows: {}, sha256: "" };
    await write(exportText(source, head, (last) => (trailer = last)));
    return { head, trailer };
  });
}

/**
 * Imports a checked export into an empty database that nobody works on.
 * @throws TransferRefusal when it is neither, or of another schema.
 */
export async function importStore(opened: OpenStore, checked: CheckedExport): Promise<void> {
  const { isJoined = false, road, place, store } = opened;
  if (isJoined) throw new TransferRefusal("a hub runs on this database: stop it first");
  if (road !== "supabase" || place === undefined) return importExport(store.database, checked);
  const direct = await openPgDatabase(place); // many rows: not through the REST face
  try {
    await importExport(direct, checked);
  } finally {
    await direct.close();
  }
}
