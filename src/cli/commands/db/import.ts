import type { Command } from "commander";
import { checkExport } from "../../../store/transfer/read-file.ts";
import { importStore } from "../../../store/transfer/store.ts";
import { withDatabase } from "../../database.ts";
import type { Session } from "../../session.ts";
import { totalRows } from "./rows.ts";

/** `hub db import`: the way back, into an empty database. */
export function addImport(db: Command, session: Session): void {
  db.command("import <file>")
    .description("take over what `hub db export` wrote, into an empty database that no hub uses")
    .action(async (file: string, _options: object, command: Command) => {
      const checked = await checkExport(file);
      await withDatabase(session, (opened) => importStore(opened, checked));
      const { head, trailer } = checked;
      session.show({ json: { file, ...head, ...trailer }, value: trailer }, command, ({ rows }) => {
        return `${totalRows(rows)} imported from ${file}`;
      });
    });
}
