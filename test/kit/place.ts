import { Secret } from "../../src/runtime/secret.ts";

/** The database that a connection string names, which the hub's code takes wrapped only. */
export function placeOf(url: string): { readonly url: Secret } {
  return { url: new Secret(url) };
}
