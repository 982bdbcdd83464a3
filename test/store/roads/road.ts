import { afterAll, beforeAll } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { type OpenStore, openStore } from "../../../src/store/open.ts";
import type { Store } from "../../../src/store/port.ts";
import { MIGRATIONS_DIR } from "../../kit/store.ts";

/** Which road, as the settings say it, in plain text. */
interface Way {
  readonly databaseUrl?: string | undefined;
  readonly supabaseUrl?: string | undefined;
  readonly supabaseKey?: string | undefined;
}

/** Opens the store as a hub with these settings does. */
export function openBy({ databaseUrl, supabaseUrl, supabaseKey }: Way): Promise<OpenStore> {
  return openStore({
    dataDir: "unused",
    migrationsDir: MIGRATIONS_DIR,
    log: () => {},
    databaseUrl: wrapped(databaseUrl),
    supabaseUrl,
    supabaseKey: wrapped(supabaseKey),
  });
}

function wrapped(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
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
