import type { Secret } from "../../runtime/secret.ts";

/** Answers to which HTTP allows no body; `Response` refuses one. */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

/**
 * A fetch that shows the key with each request, and keeps it no longer. It has the whole body in
 * hand before it answers: the signal given with a request then covers a body that trickles as well
 * as a silent server; a limit on the headers alone does not.
 */
export function fetchWithKey(key: Secret): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    key.use((text) => {
      headers.set("apikey", text);
      headers.set("authorization", `Bearer ${text}`);
    });
    const response = await fetch(input, { ...init, headers });
    const body = WITHOUT_BODY.has(response.status) ? null : await response.arrayBuffer();
    const { status, statusText, headers: answered } = response;
    return new Response(body, { status, statusText, headers: answered });
  };
}
