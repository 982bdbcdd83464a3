import type { Command } from "commander";
import { machineClock } from "../../../runtime/clock.ts";
import { wantedVersion } from "../../../store/pg/migration-files.ts";
import { type Exported, exportStore } from "../../../store/transfer/store.ts";
import { writeFileOf, writeStreamOf } from "../../../store/transfer/write-file.ts";
import { migrationsDir } from "../../../system/package-root.ts";
import { withDatabase } from "../../database.ts";
import type { Session } from "../../session.ts";
import { totalRows } from "./rows.ts";

/** Stands for the standard output in place of a file's name. */
const STDOUT = "-";

/** `hub db export`: everything that lasts, in one file. */
export function addExport(db: Command, session: Session): void {
  db.command("export <file>")
    .description("write everything that lasts to a file, packed when it ends in .gz; - is stdout")
    .action(async (file: string, _options: object, command: Command) => {
      const { head, trailer } = await exportTo(file, session);
      if (file === STDOUT) return;
      session.show({ json: { file, ...head, ...trailer }, value: trailer }, command, ({ rows }) => {
        return `${totalRows(rows)} exported to ${file}`;
      });
    });
}

async function exportTo(file: string, session: Session): Promise<Exported> {
  const schemaVersion = await wantedVersion(migrationsDir);
  const nowMs = machineClock.nowMs();
  const write = (text: AsyncIterable<string>): Promise<void> =>
    file === STDOUT ? writeStreamOf(session.world.output(), text) : writeFileOf(file, text);
  return withDatabase(session, (opened) => exportStore(opened, { schemaVersion, nowMs, write }));
}
