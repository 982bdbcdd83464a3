/** Long enough for a venue's reason, too short for a page of HTML, characters. */
const LONGEST = 240;

const ADDRESS_QUERY = /(https?:\/\/[^\s?"]+)\?[^\s"]*/g;
const SECRET_FIELD =
  /((?:signature|api[-_]?key|api[-_]?sign|passphrase|listenKey|nonce|timestamp)"?\s*[=:]\s*)("[^"]*"|[^\s&,;"}]+)/gi;

/**
 * A message fit for logs: one line, no query, no signature or key, not long.
 * ccxt puts the whole address of a failed request into its messages, signature included.
 */
export function scrub(message: string): string {
  const plain = message
    .replace(ADDRESS_QUERY, "$1")
    .replace(SECRET_FIELD, "$1<redacted>")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
