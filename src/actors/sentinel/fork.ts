import type { SecretName } from "../../vault/lease.ts";

/** Path of the harvester of a venue. */
export function harvesterOf(venue: string): string {
  return `commander/harvesters/harvester:${venue}`;
}

/**
 * Whom the sentinel takes for the one that asks from another process. The kit hands a handler the
 * message and not its sender, and what a message says of its sender anybody can say. But only
 * harvesters have processes of their own, so whoever asks that way is judged as the harvester of the
 * venue whose secret it wants, and gets at most what that one may have.
 */
export function forkOf(secret: SecretName): string {
  return harvesterOf(secret.slice(secret.indexOf(":") + 1));
}
