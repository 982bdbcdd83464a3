import { afterAll, beforeAll } from "vitest";
import { type OpenStore, openStore, type StoreOptions } from "../../../src/store/open.ts";
import type { Store } from "../../../src/store/port.ts";
import { MIGRATIONS_DIR } from "../../kit/store.ts";

type Way = Pick<StoreOptions, "databaseUrl" | "supabaseUrl" | "supabaseKey">;

/** Opens the store as a hub with these settings does. */
export function openBy(way: Way): Promise<OpenStore> {
  return openStore({
    dataDir: "unused",
    migrationsDir: MIGRATIONS_DIR,
    log: () => {},
    ...way,
  });
}

/** Opens the store of a describe before its tests; the way to it is found out only then. */
export function onRoad(find: () => Way | Promise<Way>): { readonly store: Store } {
  let opened: OpenStore | undefined;
  beforeAll(async () => {
    opened = await openBy(await find());
  });
  afterAll(() => opened?.stop());
  return {
    get store() {
      if (opened === undefined) throw new Error("the store opens before the tests, not earlier");
      return opened.store;
    },
  };
}
