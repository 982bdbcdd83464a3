import { isFields } from "../narrow.ts";

const ORIGIN = /^https?:\/\/[^/]+/;

/**
 * Points every address in a ccxt table at one base, keeping its path. All of them, since one that
 * is forgotten still leads to the real venue.
 */
export function rebaseUrls(urls: unknown, baseUrl: string): unknown {
  const base = baseUrl.replace(/\/+$/, "");
  if (typeof urls === "string") return urls.replace(ORIGIN, base);
  if (!isFields(urls)) return urls;
  return Object.fromEntries(
    Object.entries(urls).map(([name, value]) => [name, rebaseUrls(value, base)]),
  );
}
