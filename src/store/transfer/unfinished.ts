import { StartRefusal } from "../../config/refusal.ts";
import type { Database } from "../port.ts";
import { flagOf, rowOf } from "../repositories/parse.ts";

/** A hub must not trade on half a database. @throws StartRefusal when an import did not end. */
export async function refuseUnfinishedImport(database: Database): Promise<void> {
  const { importing } = rowOf(await database.call("hub_database", {}));
  if (!flagOf(importing)) return;
  throw new StartRefusal(
    "an import into this database has not ended: wait for it, or run `hub db import` again",
  );
}
