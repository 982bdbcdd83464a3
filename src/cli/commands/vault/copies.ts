import { existsSync } from "node:fs";
import type { Command } from "commander";
import { Secret } from "../../../runtime/secret.ts";
import { VaultBox } from "../../../vault/embedded/box.ts";
import { CliRefusal } from "../../refusal.ts";
import type { Session } from "../../session.ts";
import { existingBox, noteInLedger, withVault } from "../../vault.ts";

export function addVaultCopies(vault: Command, session: Session): void {
  vault
    .command("rotate")
    .description("wrap every value with a new key; no value is opened")
    .option("--new-passphrase", "ask for another passphrase, for a vault that has one")
    .action(async ({ newPassphrase }: { newPassphrase?: boolean }, command: Command) => {
      const box = await existingBox(session);
      const passphrase = newPassphrase === true ? await askNewPassphrase(session) : undefined;
      await noteInLedger(session, { event: "note", secret: "*", purpose: "rotate" });
      const done = await box.rotate(passphrase);
      session.show({ json: done, value: done }, command, ({ items, kid }) =>
        [`${items} items are wrapped with key ${kid}`, ...adviceAfter(passphrase)].join("\n"),
      );
    });
  vault
    .command("export <file>")
    .description("write all values into a new file, sealed with a passphrase of its own")
    .action(async (file: string, _options: object, command: Command) => {
      if (existsSync(file)) throw new CliRefusal(`${file} is there already: name a new file`);
      const box = await existingBox(session);
      const passphrase = await askNewPassphrase(session);
      await noteInLedger(session, { event: "granted", secret: "*", purpose: "export" });
      const copy = await openCopy(file, passphrase);
      const json = { file, items: await copyItems(box, copy) };
      session.show({ json, value: json }, command, ({ items }) => `${items} items are in ${file}`);
    });
  vault
    .command("import <file>")
    .description("store all values of an exported file, as the newest versions here")
    .action(async (file: string, _options: object, command: Command) => {
      if (!existsSync(file)) throw new CliRefusal(`there is no file ${file}`);
      const copy = await openCopy(file, await askPassphrase(session));
      await noteInLedger(session, { event: "note", secret: "*", purpose: "import" });
      const items = await withVault(session, (opened) => {
        if ("box" in opened) return copyItems(copy, opened.box);
        throw new CliRefusal("VVAULT cannot import; unset VVAULT_URL for the hub's own vault");
      });
      const json = { file, items };
      session.show({ json, value: json }, command, (said) => `${said.items} items were stored`);
    });
}

/** The hub's own keys are no values: a copy gets none, and one that comes in replaces none. */
const OWN = "hub/";

async function copyItems(from: VaultBox, to: VaultBox): Promise<number> {
  const listed = (await from.list()).filter(({ path }) => !path.startsWith(OWN));
  for (const { path } of listed) {
    const item = await from.get(path);
    if (item !== undefined) await to.put(path, item.value, item.at);
  }
  return listed.length;
}

function openCopy(file: string, passphrase: Secret): Promise<VaultBox> {
  return VaultBox.open(file, { kind: "passphrase", passphrase });
}

async function askNewPassphrase({ world }: Session): Promise<Secret> {
  return new Secret(await world.readNewSecret("new passphrase: "));
}

async function askPassphrase({ world }: Session): Promise<Secret> {
  return new Secret(await world.readSecret("passphrase: "));
}

function adviceAfter(passphrase: Secret | undefined): readonly string[] {
  if (passphrase === undefined) return [];
  return [
    "write the new passphrase into the file of HUB_VAULT_PASSPHRASE_FILE, then restart the hub",
  ];
}
