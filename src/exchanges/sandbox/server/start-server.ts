import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ExchangeFace, type FaceOptions } from "./exchange-face.ts";

export interface ServerOptions extends FaceOptions {
  /** Default 127.0.0.1: the sandbox asks nobody who he is. */
  readonly host?: string | undefined;
  /** Default 0, which picks a free port. */
  readonly port?: number | undefined;
}

/** A sandbox exchange that listens. */
export interface SandboxServer {
  /** E.g. `http://127.0.0.1:40123`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends every connection, also those that wait for an answer. */
  close(): Promise<void>;
}

/** Longer than clients keep idle connections, so that none is closed while a request sets out. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Opens the sandbox exchange.
 * @throws the listener's error, e.g. EADDRINUSE when the port is taken.
 */
export async function startSandboxServer(options: ServerOptions): Promise<SandboxServer> {
  const face = new ExchangeFace(options);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
    face.handle(request, response),
  );
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
