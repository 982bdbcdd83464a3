import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import { StartRefusal } from "../config/refusal.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import { streamsOf } from "./app.ts";

const SWEEP_MS = 50;
/** How long a client may take; a slow one must not hold a socket for ever, ms. */
const PATIENCE: Patience = { headersMs: 15_000, requestMs: 30_000, idleMs: 10_000, everyMs: 1_000 };

interface Patience {
  /** From the first byte to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the body. */
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly idleMs: number;
  /** How often the limits are looked at: unset, Node does so twice a minute, whatever they say. */
  readonly everyMs: number;
}

/** An open port. */
export interface HttpServer {
  readonly port: number;
  readonly url: string;
  /** Takes no more requests, ends what runs, and cuts off what still runs after the limit. */
  stop(limitMs: number): Promise<void>;
}

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly clock?: Clock;
  readonly patience?: Patience;
}

/**
 * Opens the port.
 * @throws StartRefusal when it cannot be had.
 */
export function listen(
  app: Express,
  { host, port, clock = machineClock, patience = PATIENCE }: ListenOptions,
): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = createServer(
      {
        headersTimeout: patience.headersMs,
        requestTimeout: patience.requestMs,
        keepAliveTimeout: patience.idleMs,
        connectionsCheckingInterval: patience.everyMs,
      },
      app,
    );
    server.once("error", (error) => reject(refusalOf(error, host, port)));
    server.listen(port, host, () => {
      const { port: opened } = server.address() as AddressInfo;
      const name = host.includes(":") ? `[${host}]` : host;
      resolve({
        port: opened,
        url: `http://${name}:${opened}`,
        stop: (limitMs) => stop(server, app, clock, limitMs),
      });
    });
  });
}

/** The one line a user gets when the port cannot be had. */
function refusalOf(error: Error, host: string, port: number): StartRefusal {
  const code = "code" in error ? String(error.code) : error.message;
  switch (code) {
    case "EADDRINUSE":
      return new StartRefusal(
        `port ${port} on ${host} is in use; set PORT to another, or 0 for any`,
        error,
      );
    case "EACCES":
      return new StartRefusal(
        `port ${port} on ${host} is not open to this user; set PORT to another, or 0 for any`,
        error,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new StartRefusal(`${host} is not an address of this machine; set HOST to one`, error);
    default:
      return new StartRefusal(`port ${port} on ${host} cannot be opened: ${code}`, error);
  }
}

async function stop(server: Server, app: Express, clock: Clock, limitMs: number): Promise<void> {
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      isClosed = true;
      resolve();
    });
  });
  // Running requests end their connections with their answers, so that none is kept alive.
  server.prependListener("request", (_req, res) => {
    res.setHeader("connection", "close");
  });
  streamsOf(app)?.closeAll();
  const deadline = clock.monotonicMs() + limitMs;
  while (!isClosed && clock.monotonicMs() < deadline) {
    server.closeIdleConnections();
    await Promise.race([closed, clock.sleep(SWEEP_MS)]);
  }
  if (!isClosed) server.closeAllConnections();
  await closed;
}
