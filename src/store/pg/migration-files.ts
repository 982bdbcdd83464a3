import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StartRefusal } from "../../config/refusal.ts";

/** One step of the schema: `<14 digits>_<name>.sql`. */
export interface Migration {
  readonly version: string;
  readonly name: string;
  readonly sql: string;
}

/** The hub's files carry this in their name, so that others in a shared project are left alone. */
export const OWN_PREFIX = "hub_";

/** Reads the migrations of a folder in their order. @throws StartRefusal when there are none. */
export async function readMigrations(dir: string): Promise<readonly Migration[]> {
  const names = await readdir(dir).catch((cause: unknown) => {
    throw new StartRefusal(`the migrations folder ${dir} cannot be read`, cause);
  });
  const found = names.flatMap((file) => {
    const [, version, name] = /^(\d{14})_(.+)\.sql$/.exec(file) ?? [];
    return version !== undefined && name?.startsWith(OWN_PREFIX) ? [{ file, version, name }] : [];
  });
  if (found.length === 0) throw new StartRefusal(`the migrations folder ${dir} holds none`);
  found.sort((a, b) => (a.version < b.version ? -1 : 1));
  return Promise.all(
    found.map(async ({ file, version, name }) => ({
      version,
      name,
      sql: await readFile(join(dir, file), "utf8"),
    })),
  );
}

/** The version that a database of this hub has once it is up to date. */
export async function wantedVersion(dir: string): Promise<string> {
  return (await readMigrations(dir)).at(-1)?.version ?? "";
}
