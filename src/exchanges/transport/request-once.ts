import {
  type ClientRequest,
  type Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import { readBody } from "./body.ts";
import { TransportError } from "./errors.ts";

/** A whole answer, body in hand; the part of a fetch response that ccxt reads. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  text(): Promise<string>;
}

export interface PlainRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly agent: HttpAgent;
}

export interface RequestLimits {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Errors of connections that were never made. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

/**
 * Sends a request and reads its whole answer within one deadline.
 * A kept connection that the venue closed just before it was used again is tried once more, for GET only.
 * @throws TransportError for a failed connection, a cut body and a passed deadline.
 */
export async function requestOnce(request: PlainRequest, limits: RequestLimits): Promise<Answer> {
  let outgoing: ClientRequest | undefined;
  let ended: TransportError | undefined;
  const end = (why: TransportError): void => {
    ended ??= why;
    outgoing?.destroy(why);
  };
  const onClose = (): void => end(limits.signal.reason as TransportError);
  const deadline = `no whole answer within ${limits.deadlineMs} ms`;
  const cancel = limits.clock.after(limits.deadlineMs, () => end(new TransportError(deadline)));
  limits.signal.addEventListener("abort", onClose, { once: true });
  const attempt = async (): Promise<Answer> => {
    if (ended !== undefined) throw ended;
    outgoing = open(request);
    return read(await response(outgoing));
  };
  try {
    return await attempt().catch(async (thrown: unknown) => {
      if (ended !== undefined || !wasStaleConnection(request, outgoing, thrown)) throw thrown;
      return attempt();
    });
  } catch (thrown) {
    throw ended ?? asTransportError(thrown);
  } finally {
    cancel();
    limits.signal.removeEventListener("abort", onClose);
  }
}

function open({ url, method, headers, body, agent }: PlainRequest): ClientRequest {
  const send = url.protocol === "http:" ? httpRequest : httpsRequest;
  const outgoing = send(url, { method, headers: { ...headers, "accept-encoding": "gzip" }, agent });
  outgoing.end(body);
  return outgoing;
}

function response(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    // Stays on: an error after the answer has begun is also told here, and nobody else listens.
    outgoing.on("error", reject);
  });
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const body = await readBody(incoming);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return {
    status: incoming.statusCode ?? 0,
    statusText: incoming.statusMessage ?? "",
    headers,
    text: async () => body,
  };
}

function wasStaleConnection(
  { method }: PlainRequest,
  outgoing: ClientRequest | undefined,
  thrown: unknown,
): boolean {
  return method === "GET" && outgoing?.reusedSocket === true && codeOf(thrown) === "ECONNRESET";
}

function codeOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

function asTransportError(thrown: unknown): TransportError {
  if (thrown instanceof TransportError) return thrown;
  const code = codeOf(thrown);
  return new TransportError(code === "" ? messageOf(thrown) : `connection failed: ${code}`, {
    neverSent: NEVER_SENT.has(code),
  });
}
