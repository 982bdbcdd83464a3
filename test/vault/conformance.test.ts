import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { machineClock } from "../../src/runtime/clock.ts";
import { VaultBox } from "../../src/vault/embedded/box.ts";
import { type EmbeddedVault, startEmbeddedVault } from "../../src/vault/embedded/start.ts";
import { vaultConformance } from "./conformance.ts";

describe("embedded", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "hub-vault-"));
  let vault: EmbeddedVault;

  beforeAll(async () => {
    const key = { kind: "file", path: join(dataDir, "vault.key") } as const;
    const box = await VaultBox.open(join(dataDir, "vault.sealed"), key);
    vault = await startEmbeddedVault(box, machineClock);
  });

  afterAll(async () => {
    await vault.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  vaultConformance("the embedded vault", () => ({
    url: vault.url,
    token: vault.token.use((text) => text),
    prefix: "",
  }));
});

const url = process.env["VVAULT_URL"];
const token = process.env["VVAULT_SERVICE_TOKEN"];

// What it writes stays there, under keys of this run: nothing can be removed through the API.
describe.skipIf(url === undefined || token === undefined)("a vault named by VVAULT_URL", () => {
  const prefix = `conformance-${randomUUID()}-`;

  vaultConformance("VVAULT", () => ({ url: url ?? "", token: token ?? "", prefix }));
});
