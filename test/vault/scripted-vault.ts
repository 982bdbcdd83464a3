import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** One request as the vault saw it. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

type Answer = (response: ServerResponse, request: Seen) => void;

/** A loopback server that answers what a test tells it to, and remembers who asked what. */
export interface ScriptedVault {
  readonly url: string;
  readonly seen: Seen[];
  /** The most connections that were ever open at once. */
  readonly mostConnections: () => number;
  answer: Answer;
  close(): Promise<void>;
}

export function json(status: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

export async function scriptedVault(): Promise<ScriptedVault> {
  const seen: Seen[] = [];
  const open = new Set<Socket>();
  let most = 0;
  const server = createServer((request, response) => {
    void readSeen(request).then((one) => {
      seen.push(one);
      vault.answer(response, one);
    });
  });
  server.on("connection", (socket) => {
    open.add(socket);
    most = Math.max(most, open.size);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const vault: ScriptedVault = {
    url: `http://127.0.0.1:${port}`,
    seen,
    mostConnections: () => most,
    answer: json(200, { success: true }),
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return vault;
}

async function readSeen(request: IncomingMessage): Promise<Seen> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  const { method = "", url: path = "", headers } = request;
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  return { method, path, authorization: headers.authorization, body };
}
