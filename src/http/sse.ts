import type { Response } from "express";
import type { Recorded } from "../market/events.ts";
import type { TraceId } from "../market/trace.ts";
import type { Cancel, Clock } from "../runtime/clock.ts";
import { eventId, placeOf } from "./event-place.ts";
import type { EventSource } from "./event-source.ts";

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;
/** Bytes that may wait for one client; a slower one is fed from the ring once it has read them. */
const MOST_WAITING = 256 * 1_024;
const MOST_CLIENTS = 1_000;

export interface StreamsOptions {
  readonly events: EventSource;
  /** Names this run of the hub, in which the events are counted. */
  readonly run: string;
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

/** What a client showed to be let in. */
interface Shown {
  /** Id of a token that can be revoked. */
  readonly token?: string | undefined;
  /** When it ends by itself, UTC ms on the machine's clock. */
  readonly until?: number | undefined;
}

/** What a client wants to see of the stream. */
interface Wish {
  /** Only what belongs to the story of this candle. */
  readonly trace?: TraceId | undefined;
}

/** The clients of the event stream. */
export class Streams {
  readonly #options: StreamsOptions;
  /** Each with the token that it showed. */
  readonly #clients = new Map<Client, string | undefined>();
  readonly #frames: Frames;

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#frames = new Frames(options.run);
    options.tokens.onEnd((token) => this.#closeOf(token));
  }

  get isFull(): boolean {
    return this.#clients.size >= MOST_CLIENTS;
  }

  /**
   * Feeds a client from now on, or from the event after the last one it saw. One that left while it
   * was being admitted is no client: its response closed before anybody listened for that.
   * @param lastSeen id of that event, as the client says; undefined when it comes for the first time.
   * @param shown what it showed: the stream ends with it, also when it has just ended.
   */
  open(
    res: Response,
    lastSeen: string | undefined,
    { token, until, trace }: Shown & Wish = {},
  ): void {
    if (res.closed) return;
    const client = new Client(res, this.#options, this.#frames, { lastSeen, trace });
    this.#clients.set(client, token);
    this.#options.onCount(this.#clients.size);
    res.on("close", () => {
      client.close();
      if (this.#clients.delete(client)) this.#options.onCount(this.#clients.size);
    });
    if (until !== undefined) client.endAt(until);
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

/** Events as they are sent: written out once, however many read them. */
class Frames {
  readonly #run: string;
  readonly #written = new WeakMap<Recorded, string>();

  constructor(run: string) {
    this.#run = run;
  }

  of(recorded: Recorded): string {
    let frame = this.#written.get(recorded);
    if (frame === undefined) {
      const id = this.idOf(recorded.seq);
      frame = `id: ${id}\nevent: ${recorded.event.kind}\ndata: ${JSON.stringify(recorded)}\n\n`;
      this.#written.set(recorded, frame);
    }
    return frame;
  }

  idOf(seq: number): string {
    return eventId({ run: this.#run, seq });
  }

  /** Seq of an id of this run; undefined for one of an earlier run, or of none. */
  seqOf(id: string): number | undefined {
    const place = placeOf(id);
    return place?.run === this.#run ? place.seq : undefined;
  }
}

/** One client: what it has been sent, and whether it keeps up. */
class Client {
  readonly #res: Response;
  readonly #events: EventSource;
  readonly #frames: Frames;
  readonly #clock: Clock;
  readonly #unsubscribe: Cancel;
  readonly #trace: TraceId | undefined;
  #stopBeat: Cancel;
  #stopEnd: Cancel = () => {};
  #sent: number;

  constructor(
    res: Response,
    { events, machineClock }: StreamsOptions,
    frames: Frames,
    { lastSeen, trace }: Wish & { readonly lastSeen: string | undefined },
  ) {
    this.#trace = trace;
    this.#res = res;
    this.#events = events;
    this.#frames = frames;
    this.#clock = machineClock;
    const { lastSeq } = events;
    const seen = lastSeen === undefined ? lastSeq : frames.seqOf(lastSeen);
    // What was seen in another run, or never happened, says nothing of what is missing.
    const isKnown = seen !== undefined && seen <= lastSeq;
    this.#sent = isKnown ? seen : lastSeq;
    res.status(200).set({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    res.flushHeaders();
    res.write(`retry: ${RECONNECT_MS}\n`);
    // With a place at once: a client that leaves before the first event comes back to here.
    if (isKnown) res.write(`id: ${frames.idOf(seen)}\n\n`);
    else this.#resetTo(Math.max(0, events.oldestSeq - 1));
    this.#pump();
    this.#unsubscribe = events.subscribe((recorded) => this.#onEvent(recorded));
    res.on("drain", () => this.#pump());
    this.#stopBeat = this.#beatLater();
  }

  close(): void {
    this.#unsubscribe();
    this.#stopBeat();
    this.#stopEnd();
  }

  /** Ends the stream at an instant, UTC ms on the machine's clock. */
  endAt(until: number): void {
    this.#stopEnd = this.#clock.after(Math.max(0, until - this.#clock.nowMs()), () =>
      this.farewell(),
    );
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
      if (recorded.seq > this.#sent + 1) this.#resetTo(recorded.seq - 1);
      this.#write(recorded);
    }
  }

  #write(recorded: Recorded): void {
    this.#sent = recorded.seq;
    if (this.#trace !== undefined && recorded.event.traceId !== this.#trace) return;
    this.#res.write(this.#frames.of(recorded));
  }

  /** Tells the client that events are gone for good: it should read afresh what it shows. */
  #resetTo(seq: number): void {
    const id = this.#frames.idOf(seq);
    this.#res.write(`id: ${id}\nevent: reset\ndata: ${JSON.stringify({ resumesAfter: id })}\n\n`);
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
