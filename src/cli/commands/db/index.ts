import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addExport } from "./export.ts";
import { addImport } from "./import.ts";
import { addMigrate } from "./migrate.ts";
import { addStats } from "./stats.ts";
import { addDbStatus } from "./status.ts";

/** `hub db`: the database itself, whether a hub runs on it or not. */
export function addDb(program: Command, session: Session): void {
  const db = program.command("db").description("the database itself, with or without a hub on it");
  addStats(db, session);
  addDbStatus(db, session);
  addMigrate(db, session);
  addExport(db, session);
  addImport(db, session);
}
