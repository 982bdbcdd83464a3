import { describe } from "vitest";
import { storeContract } from "../store.contract.ts";
import { onRoad } from "./road.ts";

const databaseUrl = process.env["TEST_DATABASE_URL"];
const supabaseUrl = process.env["TEST_SUPABASE_URL"];
const supabaseKey = process.env["TEST_SUPABASE_KEY"];

/** The name of a describe tells why it is skipped. */
const yours = (what: string, names: string, given: boolean, way: Parameters<typeof onRoad>[0]) => {
  const reason = given ? "" : ` (skipped: set ${names})`;
  describe.skipIf(!given)(`${what}${reason}`, () => {
    storeContract(names, onRoad(way));
  });
};

// The same promises on what you have. Name an empty database: it is left full.
yours("a PostgreSQL of yours", "TEST_DATABASE_URL", databaseUrl !== undefined, () => ({
  databaseUrl,
}));
yours(
  "a Supabase project of yours",
  "TEST_SUPABASE_URL and TEST_SUPABASE_KEY",
  supabaseUrl !== undefined && supabaseKey !== undefined,
  () => ({ supabaseUrl, supabaseKey }),
);
