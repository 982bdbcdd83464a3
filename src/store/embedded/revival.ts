import type { Clock } from "../../runtime/clock.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { EmbeddedServer, ServerEnd } from "./server.ts";

/** Waits between attempts to bring a fallen server back, ms; the last one repeats. */
const WAITS_MS = [100, 500, 2_000, 10_000, 30_000];

/** A server that fell again sooner than this was not really back: the waits go on where they were. */
const STEADY_MS = 60_000;

/** Brings a server back that ended without having been asked to, for as long as it takes. */
export class Revival {
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #over = new AbortController();
  #attempt = 0;
  #backAt = Number.NEGATIVE_INFINITY;
  #cause: string | undefined;

  constructor(clock: Clock, log: (line: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Why the server is down; undefined while it runs. */
  get cause(): string | undefined {
    return this.#cause;
  }

  /** Tries until the server runs again, or {@link stop} is called. What keeps it down is told once. */
  async bringBack(server: Pick<EmbeddedServer, "restart">, end: ServerEnd): Promise<void> {
    const why = end.panic === undefined ? "" : `: ${end.panic}`;
    this.#note(
      `the embedded PostgreSQL ended by itself (code ${end.code})${why}; it is started again`,
    );
    if (this.#clock.monotonicMs() - this.#backAt > STEADY_MS) this.#attempt = 0;
    while (await this.#wait()) {
      this.#attempt += 1;
      try {
        await server.restart();
        this.#backAt = this.#clock.monotonicMs();
        this.#cause = undefined;
        this.#log("the embedded PostgreSQL is back");
        return;
      } catch (thrown) {
        this.#note(messageOf(thrown));
      }
    }
  }

  stop(): void {
    this.#over.abort();
  }

  /** False when nobody waits for the server any more. */
  async #wait(): Promise<boolean> {
    const waitMs = WAITS_MS[this.#attempt] ?? WAITS_MS.at(-1) ?? 0;
    return this.#clock.sleep(waitMs, this.#over.signal).then(
      () => true,
      () => false,
    );
  }

  #note(cause: string): void {
    // Process ids and times in it change from attempt to attempt; what it says does not.
    const gist = (text: string | undefined): string | undefined => text?.replaceAll(/\d+/g, "");
    if (gist(cause) !== gist(this.#cause)) this.#log(cause);
    this.#cause = cause;
  }
}
