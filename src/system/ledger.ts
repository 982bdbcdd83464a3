import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readAnchor } from "../actors/sentinel/anchors.ts";
import { machineClock } from "../runtime/clock.ts";
import type { PulseStore } from "../store/port.ts";
import type { VaultBox } from "../vault/embedded/box.ts";
import { Ledger, type LedgerHead, ledgerId } from "../vault/ledger/ledger.ts";
import { type LedgerReport, verifyLedger } from "../vault/ledger/verify.ts";
import { vaultFiles } from "./vault.ts";

const KEY = "hub/ledger-key";
/** Entries of the audit log that are read at a time. */
const PAGE = 1_000;

/**
 * Opens the ledger of secrets of a data folder. The hub and a command may have it open together.
 * @throws StartRefusal when it cannot be written to, or does not end in a line of its own.
 */
export async function openLedger(dataDir: string, box: VaultBox): Promise<Ledger> {
  return Ledger.open(pathOf(dataDir), await keyIn(box));
}

/** Holds the ledger against its own chain and against every note of it in the audit log. */
export async function verifySecretLedger(
  dataDir: string,
  box: VaultBox,
  pulse: Pick<PulseStore, "auditLog">,
): Promise<LedgerReport & { readonly anchors: number }> {
  const path = pathOf(dataDir);
  const key = await keyIn(box);
  // The notes first: the ledger may grow meanwhile, and what was noted stays true.
  const anchors = await anchorsOf(pulse, ledgerId(key));
  if (existsSync(path))
    return { ...(await verifyLedger(path, key, anchors)), anchors: anchors.length };
  const broken = anchors.length === 0 ? null : { line: 0, reason: "the ledger is gone" };
  return { lines: 0, broken, anchors: anchors.length };
}

function pathOf(dataDir: string): string {
  return join(vaultFiles(dataDir).folder, "ledger");
}

/** Made once, and sealed with everything else: who can write a ledger anew can open the vault. */
async function keyIn(box: VaultBox): Promise<KeyObject> {
  const known = (await box.get(KEY))?.value;
  const text = known ?? randomBytes(32).toString("base64");
  if (known === undefined) await box.put(KEY, text, machineClock.nowMs());
  return createSecretKey(Buffer.from(text, "base64"));
}

async function anchorsOf(
  pulse: Pick<PulseStore, "auditLog">,
  ledger: string,
): Promise<LedgerHead[]> {
  const anchors: LedgerHead[] = [];
  for (let before: number | undefined; ; ) {
    const page = await pulse.auditLog(PAGE, before);
    for (const entry of page) {
      const anchor = readAnchor(entry, ledger);
      if (anchor !== undefined) anchors.push(anchor);
    }
    if (page.length < PAGE) return anchors;
    before = page.at(-1)?.id;
  }
}
