import type { Response } from "express";
import type { Recorded } from "../market/events.ts";
import type { Cancel, Clock } from "../runtime/clock.ts";
import type { EventSource } from "./event-source.ts";

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;
/** Bytes that may wait for one client; a slower one is fed from the ring once it has read them. */
const MOST_WAITING = 256 * 1_024;
const MOST_CLIENTS = 200;

export interface StreamsOptions {
  readonly events: EventSource;
  readonly machineClock: Clock;
  /** Told how many clients there are, at each change. */
  readonly onCount: (count: number) => void;
  readonly tokens: TokenView;
}

/** Which tokens are good, and when one no longer is. */
export interface TokenView {
  isGood(id: string): boolean;
  onEnd(listener: (id: string) => void): Cancel;
}

/** The clients of the event stream. */
export class Streams {
  readonly #options: StreamsOptions;
  /** Each with the token that it showed. */
  readonly #clients = new Map<Client, string | undefined>();

  constructor(options: StreamsOptions) {
    this.#options = options;
    options.tokens.onEnd((token) => this.#closeOf(token));
  }

  get isFull(): boolean {
    return this.#clients.size >= MOST_CLIENTS;
  }

  /**
   * Feeds a client from now on, or from the event after the last one it saw. One that left while it
   * was being admitted is no client: its response closed before anybody listened for that.
   * @param lastSeen seq of that event; undefined for a client that comes for the first time.
   * @param token id of the token that it showed: the stream ends with it, also when it has just ended.
   */
  open(res: Response, lastSeen: number | undefined, token: string | undefined): void {
    if (res.closed) return;
    const client = new Client(res, this.#options, lastSeen);
    this.#clients.set(client, token);
    this.#options.onCount(this.#clients.size);
    res.on("close", () => {
      client.close();
      if (this.#clients.delete(client)) this.#options.onCount(this.#clients.size);
    });
    if (token !== undefined && !this.#options.tokens.isGood(token)) client.farewell();
  }

  /** Says farewell to every client and ends its response. */
  closeAll(): void {
    for (const client of this.#clients.keys()) client.farewell();
  }

  #closeOf(token: string): void {
    for (const [client, shown] of this.#clients) if (shown === token) client.farewell();
  }
}

/** One client: what it has been sent, and whether it keeps up. */
class Client {
  readonly #res: Response;
  readonly #events: EventSource;
  readonly #clock: Clock;
  readonly #unsubscribe: Cancel;
  #stopBeat: Cancel;
  #sent: number;

  constructor(res: Response, options: StreamsOptions, lastSeen: number | undefined) {
    this.#res = res;
    this.#events = options.events;
    this.#clock = options.machineClock;
    const newest = this.#events.since(0).at(-1)?.seq ?? 0;
    this.#sent = lastSeen ?? newest;
    res.status(200).set({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    res.flushHeaders();
    res.write(`retry: ${RECONNECT_MS}\n\n`);
    // A client that saw more than there is comes from before a restart: its numbers mean nothing now.
    if (this.#sent > newest) this.#restartFrom(0);
    this.#pump();
    this.#unsubscribe = this.#events.subscribe((recorded) => this.#onEvent(recorded));
    res.on("drain", () => this.#pump());
    this.#stopBeat = this.#beatLater();
  }

  close(): void {
    this.#unsubscribe();
    this.#stopBeat();
  }

  farewell(): void {
    this.close();
    this.#res.end("event: shutdown\ndata: {}\n\n");
  }

  #onEvent(recorded: Recorded): void {
    // Whoever lags behind gets this one from the ring when its buffer is empty again.
    if (recorded.seq === this.#sent + 1 && this.#hasRoom()) this.#write(recorded);
    else if (this.#hasRoom()) this.#pump();
  }

  #pump(): void {
    if (!this.#hasRoom()) return;
    for (const recorded of this.#events.since(this.#sent)) {
      if (!this.#hasRoom()) return;
      if (recorded.seq > this.#sent + 1) this.#restartFrom(recorded.seq - 1);
      this.#write(recorded);
    }
  }

  #write(recorded: Recorded): void {
    const { seq, event } = recorded;
    this.#sent = seq;
    this.#res.write(`id: ${seq}\nevent: ${event.kind}\ndata: ${JSON.stringify(recorded)}\n\n`);
  }

  /** Tells the client that events are gone for good: it should read afresh what it shows. */
  #restartFrom(seq: number): void {
    const data = JSON.stringify({ lastSeen: this.#sent, resumesAfter: seq });
    this.#res.write(`event: reset\ndata: ${data}\n\n`);
    this.#sent = seq;
  }

  #hasRoom(): boolean {
    return !this.#res.writableEnded && this.#res.writableLength < MOST_WAITING;
  }

  #beatLater(): Cancel {
    return this.#clock.after(HEARTBEAT_MS, () => {
      if (this.#hasRoom()) this.#res.write(": beat\n\n");
      this.#stopBeat = this.#beatLater();
    });
  }
}
