import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Clock } from "../../runtime/clock.ts";
import type { Secret } from "../../runtime/secret.ts";

/** A handful serves a thousand askers: answers take milliseconds, and one secret is asked for once. */
const MOST_SOCKETS = 4;

/** No credential or list of strategies comes near; more than this is not the vault speaking. */
const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024;

export interface VaultRequest {
  readonly method: "GET" | "POST";
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Sent as a bearer; none on paths that need none. */
  readonly token?: Secret;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export interface VaultReply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** The way to one vault: a few connections that are kept open. Follows no redirect. */
export class Line {
  readonly #origin: URL;
  readonly #clock: Clock;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(origin: URL, clock: Clock) {
    this.#origin = origin;
    this.#clock = clock;
    const options = { keepAlive: true, maxSockets: MOST_SOCKETS };
    this.#agent = origin.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Sends a request and has the whole answer in hand before it resolves. The time limit covers the
   * wait for a free connection, a silent server and a body that trickles.
   * @throws Error of the network; its message names neither token nor body.
   */
  send({ method, path, token, body, timeoutMs }: VaultRequest): Promise<VaultReply> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { accept: "application/json" };
    if (payload !== undefined) headers["content-type"] = "application/json";
    const open = this.#origin.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const url = new URL(path, this.#origin);
      const sent = open(url, { method, headers, agent: this.#agent }, (answer) => {
        void readWhole(answer).then(resolve, reject).finally(cancel);
      });
      const cancel = this.#clock.after(timeoutMs, () =>
        sent.destroy(new Error(`no answer within ${timeoutMs} ms`)),
      );
      sent.on("error", (error) => {
        cancel();
        reject(error);
      });
      try {
        // Not among the options: a connection keeps those of its first request as long as it lives.
        token?.use((text) => sent.setHeader("authorization", `Bearer ${text}`));
      } catch {
        sent.destroy(new Error("the service token holds a character that no header carries"));
        return;
      }
      sent.end(payload);
    });
  }

  /** Ends every connection; requests under way fail. */
  close(): void {
    this.#agent.destroy();
  }
}

async function readWhole(answer: IncomingMessage): Promise<VaultReply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER_BYTES) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return {
    status: answer.statusCode ?? 0,
    contentType: answer.headers["content-type"] ?? "",
    text: Buffer.concat(chunks).toString("utf8"),
  };
}
