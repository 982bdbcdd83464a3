import type { Command } from "commander";
import { loadSettings } from "../../../config/load.ts";
import { machineClock } from "../../../runtime/clock.ts";
import { Secret } from "../../../runtime/secret.ts";
import type { VaultBox } from "../../../vault/embedded/box.ts";
import { Clerk } from "../../../vault/embedded/clerk.ts";
import { CliRefusal } from "../../refusal.ts";
import type { Session } from "../../session.ts";
import { instant, table } from "../../table.ts";
import { existingBox, noteInLedger, withVault } from "../../vault.ts";

/** The service whose credentials these are. */
const SERVICE = "fxshinobi";

export function addVaultValues(vault: Command, session: Session): void {
  vault
    .command("put <key>")
    .description("store a credential; its value is asked for, or read from what is piped in")
    .action(async (key: string, _options: object, command: Command) => {
      refuseSlash(key);
      const value = await session.world.readSecret(`value of ${key}: `);
      await noteInLedger(session, { event: "note", secret: key, purpose: "put" });
      await put(session, key, value);
      session.show({ json: { key, stored: true }, value: key }, command, () => `${key} is stored`);
    });
  vault
    .command("get <key>")
    .description("say whether a credential is there; its value is shown on request only")
    .option("--reveal", "print the value")
    .action(async (key: string, { reveal }: { reveal?: boolean }, command: Command) => {
      refuseSlash(key);
      const value = await get(session, key);
      if (value === undefined) throw new CliRefusal(`the vault has no credential ${key}`);
      if (reveal === true) {
        await noteInLedger(session, { event: "granted", secret: key, purpose: "reveal" });
      }
      const shown = reveal === true ? value.use((text) => text) : "<redacted>";
      session.show({ json: { key, value: shown }, value: shown }, command, (text) =>
        reveal === true ? text : `${key} is there; add --reveal to see it`,
      );
    });
  vault
    .command("list")
    .description("what the hub's own vault holds, without values")
    .action(async (_options: object, command: Command) => {
      const items = await (await existingBox(session)).list();
      const rows = items.map(({ path, ...rest }) => ({ path: decodeURIComponent(path), ...rest }));
      session.show({ json: rows, value: rows }, command, (list) =>
        table(
          [
            { title: "path", of: ({ path }) => path },
            { title: "version", of: ({ version }) => version },
            { title: "older", of: ({ older }) => older },
            { title: "written", of: ({ at }) => instant(at) },
          ],
          list,
        ),
      );
    });
}

function refuseSlash(key: string): void {
  if (/^[^/\s][^/]{0,199}$/.test(key)) return;
  throw new CliRefusal("a credential's key has 1 to 200 characters and no slash");
}

function put(session: Session, key: string, text: string): Promise<void> {
  return withVault(session, async (vault) => {
    if ("remote" in vault) {
      await vault.remote.putCredential({ key, service: SERVICE, value: new Secret(text) });
      return;
    }
    const clerk = clerkOf(vault.box);
    const { body } = await clerk.credential(key);
    // As with the remote one: what is known about a value stays when the value changes.
    const metadata = body["metadata"] ?? {};
    const answer = await clerk.putCredential({ key, service: SERVICE, value: text, metadata });
    if (answer.status !== 200) throw new CliRefusal(String(answer.body["error"]));
  });
}

function get(session: Session, key: string): Promise<Secret | undefined> {
  // Looking must not make a vault.
  const isOwn = loadSettings(session.world.environment).settings.vvaultUrl === undefined;
  if (isOwn) {
    return existingBox(session).then(async (box) => {
      const { body } = await clerkOf(box).credential(key);
      return typeof body["value"] === "string" ? new Secret(body["value"]) : undefined;
    });
  }
  return withVault(session, async (vault) =>
    "remote" in vault ? (await vault.remote.credential(key))?.value : undefined,
  );
}

function clerkOf(box: VaultBox): Clerk {
  return new Clerk(box, () => machineClock.nowMs());
}
