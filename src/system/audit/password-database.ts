import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EmbeddedServer, startEmbedded } from "../../store/embedded/server.ts";
import { connect } from "../../store/pg/connection.ts";

/** The user that has to show a password. */
const USER = "auditor";

/** A PostgreSQL of its own that asks for a password. */
export interface PasswordDatabase {
  /** For `DATABASE_URL`. */
  readonly url: (password: string) => string;
  readonly server: EmbeddedServer;
}

/** Starts one in a folder. */
export async function startPasswordDatabase(
  folder: string,
  password: string,
): Promise<PasswordDatabase> {
  const server = await startEmbedded({ dataDir: folder, settings: { fsync: "off" } });
  const { socketDir } = server;
  const client = await connect({ socketDir });
  const rules = join(folder, "postgres", "cluster", "pg_hba.conf");
  writeFileSync(rules, `local all ${USER} scram-sha-256\n${readFileSync(rules, "utf8")}`);
  await client.query(
    `create role ${USER} superuser login password ${client.escapeLiteral(password)}`,
  );
  await client.query("select pg_reload_conf()");
  await client.end();
  const url = (shown: string): string => {
    const query = new URLSearchParams({ host: socketDir, user: USER, password: shown });
    return `postgresql:///postgres?${query.toString()}`;
  };
  return { url, server };
}
