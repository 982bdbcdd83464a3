import { StartRefusal } from "../config/refusal.ts";
import type { Settings } from "../config/settings.ts";
import { Secret } from "../runtime/secret.ts";
import type { SecretBroker } from "../vault/broker/broker.ts";

/**
 * The key of the Supabase project: as it is set, else as the vault has it.
 * @throws StartRefusal when a project is named and nobody has its key: without its store a hub
 *   knows neither what it follows nor what it holds, and another store must not stand in for it.
 */
export async function storeKey(
  { supabaseUrl, supabaseKey }: Pick<Settings, "supabaseUrl" | "supabaseKey">,
  broker: Pick<SecretBroker, "lease">,
): Promise<Secret | undefined> {
  if (supabaseUrl === undefined || supabaseKey !== undefined) return supabaseKey;
  const answer = await broker.lease({ who: "architect", secret: "store", purpose: "open" });
  const key = answer.kind === "granted" ? answer.lease.parts["key"] : undefined;
  // What was lent is destroyed when it changes; the store is open for longer than that.
  if (key !== undefined) return key.use((text) => new Secret(text));
  const why = "reason" in answer ? answer.reason : "the vault has no credential SUPABASE_KEY";
  throw new StartRefusal(`setting SUPABASE_URL: needs its key, and ${why}`);
}
