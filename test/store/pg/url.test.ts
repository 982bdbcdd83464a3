import { afterAll, beforeAll, describe } from "vitest";
import { type OpenStore, openStore } from "../../../src/store/open.ts";
import { MIGRATIONS_DIR } from "../../kit/store.ts";
import { storeContract } from "../store.contract.ts";

const databaseUrl = process.env["TEST_DATABASE_URL"];

// The same promises on any PostgreSQL: name an empty database of your own, it is left full.
describe.skipIf(databaseUrl === undefined)("the road of DATABASE_URL", () => {
  let opened: OpenStore;

  beforeAll(async () => {
    const options = { dataDir: "unused", migrationsDir: MIGRATIONS_DIR, log: () => {} };
    opened = await openStore({ ...options, databaseUrl });
  });

  afterAll(() => opened.stop());

  storeContract("DATABASE_URL", {
    get store() {
      return opened.store;
    },
  });
});
