import { z } from "zod";
import { VaultFailure } from "../errors.ts";
import type { VaultReply } from "./exchange.ts";

/** What a reply means, once its shape was seen to be the vault's own. */
export type Reading =
  | { readonly kind: "given"; readonly body: { readonly [key: string]: unknown } }
  | { readonly kind: "absent" };

const object = z.record(z.string(), z.unknown());

/**
 * Judges a reply. A vault whose web page is built answers unknown paths with 200 and HTML, so only
 * JSON that says `success: true` itself is believed.
 * @param operation what was asked, for the message, e.g. `configs`.
 * @throws VaultFailure for everything that is neither a value nor its absence.
 */
export function readReply(operation: string, reply: VaultReply): Reading {
  const { status } = reply;
  const body = jsonOf(reply);
  if (body === undefined) throw offline(operation, `status ${status} without the vault's JSON`);
  if (status >= 200 && status < 300) {
    if (body["success"] === true) return { kind: "given", body };
    throw offline(operation, "an answer that does not say success");
  }
  if (status === 401 || status === 403) {
    throw new VaultFailure("wrong-token", `vault ${operation}: the service token is not accepted`);
  }
  // `{"error":"Not found"}` without `success` is no answer of the service API.
  if (status === 404 && body["success"] === false) return { kind: "absent" };
  if (status === 400) throw new VaultFailure("refused", `vault ${operation}: ${saying(body)}`);
  if (body["error"] === "Credential decryption failed") {
    const message = `vault ${operation}: the stored value cannot be decrypted`;
    throw new VaultFailure("unreadable", message);
  }
  throw offline(operation, `status ${status}`);
}

/** The body as an object; undefined when it is anything else. */
export function jsonOf({ contentType, text }: VaultReply): Record<string, unknown> | undefined {
  if (!/^application\/json\b/i.test(contentType)) return undefined;
  try {
    const parsed = object.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export function offline(operation: string, reason: string, cause?: unknown): VaultFailure {
  return new VaultFailure("offline", `vault ${operation}: ${reason}`, cause);
}

/** The vault's own words for a refusal; they name fields and never values. */
function saying(body: { readonly [key: string]: unknown }): string {
  const { error } = body;
  return typeof error === "string" ? error.slice(0, 200) : "the request was refused";
}
