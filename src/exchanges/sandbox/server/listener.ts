import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cancel, Clock } from "../../../runtime/clock.ts";

/** Longer than clients keep idle connections, so that none is closed while a request sets out. */
const KEEP_ALIVE_MS = 75_000;

/** Before the port of an exchange that was away is tried again, ms: somebody may have taken it. */
const RETRY_MS = 1_000;

/** A server that can go away for a while and come back where it was. */
export class Listener {
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #host: string;
  #port = 0;
  #cancelReturn: Cancel | undefined;
  #isClosed = false;

  /** @param clock the exchange's: what it is away for is counted on it. */
  constructor(clock: Clock, host: string, handle: RequestListener) {
    this.#clock = clock;
    this.#host = host;
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, handle);
  }

  /**
   * Listens; 0 picks a free port. Answers the port.
   * @throws the listener's error, e.g. EADDRINUSE when the port is taken.
   */
  async open(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, this.#host, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Ends every connection and refuses new ones until so much time has passed. */
  goAway(forMs: number): void {
    if (this.#isClosed) return;
    this.#cancelReturn?.();
    this.#end();
    this.#cancelReturn = this.#clock.after(forMs, () => this.#comeBack());
  }

  /** Stops listening and ends every connection, also those that wait for an answer. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelReturn?.();
    return new Promise((resolve) => {
      this.#end(resolve);
    });
  }

  #end(onEnded: () => void = () => undefined): void {
    this.#server.close(() => onEnded());
    this.#server.closeAllConnections();
  }

  #comeBack(): void {
    this.open(this.#port).then(
      () => {
        if (this.#isClosed) this.#end();
      },
      () => {
        if (!this.#isClosed)
          this.#cancelReturn = this.#clock.after(RETRY_MS, () => this.#comeBack());
      },
    );
  }
}
