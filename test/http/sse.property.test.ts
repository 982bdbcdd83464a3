import { EventEmitter } from "node:events";
import type { Response } from "express";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../src/http/sse.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { FakeEvents } from "./kit/fakes.ts";
import { setUp } from "./kit/world.ts";

/** What was written, and which event was the oldest that could still be had then. */
interface Frame {
  readonly text: string;
  readonly oldest: number;
}

/** As much of a response as a stream writes to; its reader takes what waits when the test says so. */
class Pipe extends EventEmitter {
  readonly seen: Frame[] = [];
  closed = false;
  writableEnded = false;
  readonly #oldest: () => number;
  #waiting: Frame[] = [];

  /** @param oldest number of the oldest event that is still kept. */
  constructor(oldest: () => number) {
    super();
    this.#oldest = oldest;
  }

  get writableLength(): number {
    return this.#waiting.reduce((sum, { text }) => sum + text.length, 0);
  }
  status(): this {
    return this;
  }
  set(): this {
    return this;
  }
  flushHeaders(): void {}
  write(text: string): void {
    this.#waiting.push({ text, oldest: this.#oldest() });
  }
  end(text: string): void {
    this.write(text);
    this.writableEnded = true;
  }
  read(): void {
    this.seen.push(...this.#waiting);
    this.#waiting = [];
    this.emit("drain");
  }
  leave(): void {
    this.closed = true;
    this.emit("close");
  }
}

const step = fc.oneof(
  fc.record({ do: fc.constant("publish" as const), count: fc.integer({ min: 1, max: 30 }) }),
  fc.constant({ do: "read" as const }),
  fc.constant({ do: "leave" as const }),
);
/** Of each event: large ones fill what may wait for a client quickly. */
const SIZE = 20_000;
const KEEP = 25;
/** What may wait for a client before nothing more is written to it. */
const MOST_WAITING = 256 * 1_024;

describe("a client of the event stream", () => {
  test("gets each fact once and in order, or is told first that some are gone", () => {
    const { tokens } = setUp();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, restarts) => {
        let run = 1;
        const begin = () => {
          const events = new FakeEvents(KEEP);
          const clock = new ManualClock();
          const options = { events, run: `r${run}`, machineClock: clock, tokens };
          return { events, streams: new Streams({ ...options, onCount: () => {} }) };
        };
        let longestWait = 0;
        let hub = begin();
        let pipe = new Pipe(() => 0);
        const log: Frame[] = [];
        const come = (lastSeen: string | undefined): void => {
          const { events } = hub;
          pipe = new Pipe(() => events.oldestSeq);
          hub.streams.open(pipe as unknown as Response, lastSeen);
        };
        const publish = (size: number): void => {
          const reason = "x".repeat(size);
          hub.events.publish({ kind: "store-changed", state: "ok", reason });
        };
        const leave = (): void => {
          pipe.leave();
          log.push(...pipe.seen);
        };
        come(undefined);
        for (const { do: what, ...rest } of steps) {
          if (what === "publish") {
            const { count } = rest as { count: number };
            for (let n = 0; n < count; n++) publish(SIZE);
            longestWait = Math.max(longestWait, pipe.writableLength);
          } else if (what === "read") pipe.read();
          else {
            leave();
            if (restarts) {
              run += 1;
              hub = begin();
              // Nobody listened to these, and whoever comes back may have them all the same.
              for (let n = 0; n < 3; n++) publish(1);
            }
            come(lastId(log));
          }
        }
        // A reader that takes all there is: whatever waits comes.
        for (let n = 0; n < 100; n++) pipe.read();
        leave();

        expect(jumps(log)).toEqual([]);
        // However many facts there are, a reader that takes none holds up no more than this.
        expect(longestWait).toBeLessThan(MOST_WAITING + 2 * SIZE);
        const { lastSeq } = hub.events;
        expect(lastId(log)).toBe(`r${run}.${lastSeq}`);
      }),
      { numRuns: 200 },
    );
  });
});

const idIn = ({ text }: Frame): string | undefined => /^id: (\S+)$/m.exec(text)?.[1];

function lastId(log: readonly Frame[]): string | undefined {
  return log.map(idIn).findLast((id) => id !== undefined);
}

/**
 * Frames that are not where they should be: each fact follows the place before it, in the same run,
 * and a stream begins where its reader was. Only a reset may go elsewhere, and only where the reader's
 * next fact is gone or was never of this run: then to just before the oldest that is left.
 */
function jumps(log: readonly Frame[]): readonly string[] {
  const found: string[] = [];
  let before: string | undefined;
  for (const frame of log) {
    const id = idIn(frame);
    if (id === undefined) continue;
    const [run, seq] = id.split(".");
    const isFact = /^event: store-changed$/m.test(frame.text);
    const from = isFact ? `${run}.${Number(seq) - 1}` : id;
    const isReset = /^event: reset$/m.test(frame.text);
    const isWhereItWas = from === (before ?? from);
    const isFair = isReset ? mayReset(frame, Number(seq), run, before) : isWhereItWas;
    if (!isFair) found.push(`${isReset ? "reset to " : ""}${id} after ${before}`);
    before = id;
  }
  return found;
}

function mayReset(
  { oldest }: Frame,
  seq: number,
  run: string | undefined,
  before: string | undefined,
): boolean {
  const [runBefore, seqBefore] = before?.split(".") ?? [];
  const isGone = runBefore !== run || Number(seqBefore) + 1 < oldest;
  return isGone && seq === Math.max(0, oldest - 1);
}
