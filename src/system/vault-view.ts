import type { VaultView } from "../http/deps.ts";
import type { Secrets } from "./secrets.ts";

/** What dashboards are shown of the vault; nobody waits for it. */
export function vaultView({ vault, census, ledger, isRemote }: Secrets): VaultView {
  return {
    // The hub's own vault is no service that somebody set up, as long as it serves.
    status: () => {
      if (vault.state().kind !== "ok") return "offline";
      return isRemote ? "ok" : "not_configured";
    },
    standing: (venue) => census.of(`broker:${venue}`),
    ledger: (limit, before) => ledger.newest(limit, before),
  };
}
