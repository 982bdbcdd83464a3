import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { send } from "../kit/client.ts";

/** A way to be wrong: what it does to the true answer of a path. */
export interface Wrongness {
  readonly path: RegExp;
  readonly change: (body: Record<string, unknown>) => unknown;
}

/** Stands before a true engine, and tells what that says, wrongly on one path. */
export async function startWrongEngine(
  trueUrl: string,
  { path, change }: Wrongness,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "GET", url = "/" } = request;
      const raw = chunks.length === 0 ? undefined : Buffer.concat(chunks).toString();
      const asked = send(trueUrl, url, { method, ...(raw === undefined ? {} : { raw }) });
      void asked.then(({ status, json, text }) => {
        const isWrong = path.test(url);
        const body = isWrong ? JSON.stringify(change({ ...(json as object) })) : text;
        response.writeHead(isWrong ? 200 : status, { "content-type": "application/json" });
        response.end(body);
      });
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
