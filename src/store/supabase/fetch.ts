/** Answers to which HTTP allows no body; `Response` refuses one. */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

/**
 * A fetch that has the whole body in hand before it answers. The signal given with a request then
 * covers a body that trickles as well as a silent server; a limit on the headers alone does not.
 */
export const fetchWhole: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const body = WITHOUT_BODY.has(response.status) ? null : await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
};
