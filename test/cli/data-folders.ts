import { rm } from "node:fs/promises";
import { afterAll } from "vitest";
import { type OpenStore, openStore } from "../../src/store/open.ts";
import { FAST, MIGRATIONS_DIR } from "../kit/store.ts";

/** What sends a command to an embedded database in a folder of its own. */
export interface AtFolder {
  readonly [name: string]: string;
  readonly HUB_DATA_DIR: string;
}

/** Remembers data folders of the tests of a file, and removes them after these. */
export function dataFolders(): (dataDir: string) => AtFolder {
  const dataDirs: string[] = [];
  afterAll(async () => {
    for (const dataDir of dataDirs) await rm(dataDir, { recursive: true, force: true });
  });
  return (dataDir) => {
    dataDirs.push(dataDir);
    return { HUB_DATA_DIR: dataDir };
  };
}

/** Has the database open as a running hub has it. */
export function openAt({ HUB_DATA_DIR: dataDir }: AtFolder): Promise<OpenStore> {
  const options = { dataDir, migrationsDir: MIGRATIONS_DIR, log: () => {} };
  return openStore({ ...options, embeddedSettings: FAST });
}
