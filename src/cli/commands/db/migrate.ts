import type { Command } from "commander";
import { type Condition, conditionOf } from "../../../store/condition.ts";
import { migrate } from "../../../store/pg/migrate.ts";
import type { Reached } from "../../../store/reach.ts";
import { migrationsDir } from "../../../system/package-root.ts";
import { withReached } from "../../database.ts";
import { CliRefusal } from "../../refusal.ts";
import type { Session } from "../../session.ts";

/** `hub db migrate`: brings the schema up to date, as the start of a hub does. */
export function addMigrate(db: Command, session: Session): void {
  db.command("migrate")
    .description("apply the migrations that the database does not have yet")
    .action(async (_options: object, command: Command) => {
      const applied = await withReached(session, { create: true }, bringUp);
      session.show({ json: { applied }, value: applied }, command, (versions) =>
        versions.length === 0 ? "up to date already" : `applied ${versions.join(", ")}`,
      );
    });
}

async function bringUp(reached: Reached): Promise<readonly string[]> {
  const { place } = reached;
  if (place !== undefined && !reached.isJoined) return migrate(place, migrationsDir);
  const condition = await conditionOf(reached, migrationsDir);
  if (condition.newer.length > 0) throw newerDatabase(condition);
  if (condition.pending.length === 0) return [];
  throw new CliRefusal(
    place === undefined
      ? `${condition.pending.join(", ")} cannot be applied through the REST face: run \`supabase db push\`, or set DATABASE_URL`
      : `a hub of another version runs on this database: stop it first`,
  );
}

function newerDatabase({ newer }: Condition): CliRefusal {
  return new CliRefusal(
    `the database is newer than this hub: it has migrations ${newer.join(", ")}`,
  );
}
