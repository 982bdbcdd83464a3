import { StartRefusal } from "./refusal.ts";
import type { Settings } from "./settings.ts";

/**
 * Checks what no setting can tell alone.
 * @throws StartRefusal naming the settings that do not go together.
 */
export function crossCheck(settings: Settings): void {
  const { supabaseUrl, supabaseKey, replayDir, replayAt, mode, speed, sandboxFaults } = settings;
  // The key alone may come from the vault.
  if (supabaseUrl === undefined && supabaseKey !== undefined) {
    throw new StartRefusal("setting SUPABASE_KEY: needs SUPABASE_URL as well");
  }
  checkVault(settings);
  if (replayAt !== undefined && replayDir === undefined) {
    throw new StartRefusal("setting HUB_REPLAY_AT: needs HUB_REPLAY_DIR as well");
  }
  // A real exchange keeps its own pace: a faster hub would ask for candles that are not there yet.
  if (speed !== 1 && mode !== "sandbox") {
    throw new StartRefusal(`setting HUB_SPEED: must be 1 in ${mode} mode`);
  }
  if (replayDir !== undefined && mode !== "sandbox") {
    throw new StartRefusal("setting HUB_REPLAY_DIR: a recording plays in sandbox mode only");
  }
  if (Object.keys(sandboxFaults).length > 0 && mode !== "sandbox") {
    throw new StartRefusal("setting HUB_SANDBOX_FAULTS: things go wrong in sandbox mode only");
  }
}

function checkVault(settings: Settings): void {
  const { vvaultUrl, vvaultServiceToken, vaultKeyFile, vaultPassphraseFile } = settings;
  if (vvaultUrl !== undefined && vvaultServiceToken === undefined) {
    throw new StartRefusal("setting VVAULT_URL: needs VVAULT_SERVICE_TOKEN as well");
  }
  if (vvaultServiceToken?.use((text) => !/^[\x21-\x7e]+$/.test(text)) === true) {
    throw new StartRefusal(
      "setting VVAULT_SERVICE_TOKEN: holds a space, a line end or another character that no token has",
    );
  }
  if (vvaultUrl !== undefined) {
    const { pathname, username, search } = new URL(vvaultUrl);
    // A password in an address ends up in logs of others.
    if (pathname !== "/" || username !== "" || search !== "") {
      throw new StartRefusal(
        "setting VVAULT_URL: must be an origin such as https://vault.example.org",
      );
    }
  }
  if (vaultKeyFile !== undefined && vaultPassphraseFile !== undefined) {
    throw new StartRefusal(
      "setting HUB_VAULT_KEY_FILE: does not go together with HUB_VAULT_PASSPHRASE_FILE",
    );
  }
}
