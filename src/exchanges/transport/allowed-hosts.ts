/** Decides by address whether a request may leave the process. */
export type HostRule = (url: URL) => boolean;

/**
 * The rule of one client: with a base address only that host and port, otherwise the venue's own
 * hosts over TLS. So a forgotten or reset address of a sandbox cannot reach the real venue, nor the
 * other way round.
 * @param allowHost replaces the rule by a question about the host name alone.
 */
export function hostRule(
  venueHosts: readonly string[],
  baseUrl: string | undefined,
  allowHost: ((host: string) => boolean) | undefined,
): HostRule {
  if (allowHost !== undefined) return (url) => allowHost(url.hostname);
  if (baseUrl !== undefined) {
    const base = new URL(baseUrl);
    return (url) => url.host === base.host && url.protocol === base.protocol;
  }
  return (url) =>
    url.protocol === "https:" &&
    venueHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}
