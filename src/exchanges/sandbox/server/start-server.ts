import { ExchangeFace, type FaceOptions } from "./exchange-face.ts";
import { Listener } from "./listener.ts";

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

/**
 * Opens the sandbox exchange.
 * @throws the listener's error, e.g. EADDRINUSE when the port is taken.
 */
export async function startSandboxServer(options: ServerOptions): Promise<SandboxServer> {
  const face = new ExchangeFace(options);
  const host = options.host ?? "127.0.0.1";
  const listener: Listener = new Listener(options.clock, host, (request, response) =>
    face.handle(request, response, (forMs) => listener.goAway(forMs)),
  );
  const port = await listener.open(options.port ?? 0);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    close: () => listener.close(),
  };
}
