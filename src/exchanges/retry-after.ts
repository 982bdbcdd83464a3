/** Reads `Retry-After`, which venues give in whole seconds, as ms. */
export function retryAfterMsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header.trim())
    ? Number(header) * 1_000
    : undefined;
}
