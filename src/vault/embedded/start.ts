import { randomBytes } from "node:crypto";
import type { Clock } from "../../runtime/clock.ts";
import { Secret } from "../../runtime/secret.ts";
import type { VaultBox } from "./box.ts";
import { Clerk } from "./clerk.ts";
import { serveVault } from "./service.ts";

/** The hub's own vault, at work. */
export interface EmbeddedVault {
  readonly url: string;
  /** Made anew at each start and told to nobody but the client in this process. */
  readonly token: Secret;
  close(): Promise<void>;
}

/** Serves a sealed file on loopback as VVAULT would, so that one client knows both. */
export async function startEmbeddedVault(box: VaultBox, clock: Clock): Promise<EmbeddedVault> {
  const nowMs = (): number => clock.nowMs();
  const token = new Secret(randomBytes(32).toString("base64url"));
  const service = await serveVault(new Clerk(box, nowMs), token, nowMs);
  return { url: service.url, token, close: () => service.close() };
}
