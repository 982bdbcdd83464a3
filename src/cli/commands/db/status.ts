import type { Command } from "commander";
import { type Condition, conditionOf } from "../../../store/condition.ts";
import type { Road } from "../../../store/open.ts";
import { migrationsDir } from "../../../system/package-root.ts";
import { withReached } from "../../database.ts";
import type { Session } from "../../session.ts";
import { cell, table } from "../../table.ts";

type Status = Condition & { readonly road: Road };

const MEGABYTE = 1_000_000;

/** `hub db status`: how the database is, whatever its version. It changes nothing. */
export function addDbStatus(db: Command, session: Session): void {
  db.command("status")
    .description("where the database is, its version and ours, and who uses it; changes nothing")
    .action(async (_options: object, command: Command) => {
      const status = await withReached(session, { create: false }, async (reached) => {
        return { road: reached.road, ...(await conditionOf(reached, migrationsDir)) };
      });
      session.show({ json: status, value: status }, command, page);
    });
}

function page(status: Status): string {
  const facts: readonly (readonly [string, string])[] = [
    ["road", status.road],
    ["server", status.server === null ? "unknown" : `PostgreSQL ${status.server}`],
    ["schema", `${status.schema ?? "none"}, this hub has ${status.wanted}`],
    ["state", stateOf(status)],
    ["size", status.bytes === null ? "unknown" : `${(status.bytes / MEGABYTE).toFixed(1)} MB`],
    ["in use by", status.usedBy ?? "nobody"],
  ];
  const columns = [
    { title: "", of: ([name]: readonly [string, string]) => name },
    { title: "", of: ([, value]: readonly [string, string]) => cell(value) },
  ];
  return table(columns, facts).trimStart();
}

function stateOf({ schema, pending, newer, isHalfImported }: Status): string {
  if (isHalfImported) return "HALF IMPORTED: run `hub db import` again";
  if (newer.length > 0) return `newer than this hub: it has ${newer.join(", ")}`;
  if (schema === null) return "empty: the first start of a hub, or `hub db migrate`, sets it up";
  return pending.length === 0 ? "up to date" : `pending ${pending.join(", ")}`;
}
