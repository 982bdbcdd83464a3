import { EventEmitter } from "node:events";
import type { Response } from "express";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../src/http/sse.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { FakeEvents } from "./kit/fakes.ts";
import { setUp } from "./kit/world.ts";

/** As much of a response as a stream writes to; its reader takes what waits when the test says so. */
class Pipe extends EventEmitter {
  readonly seen: string[] = [];
  closed = false;
  writableEnded = false;
  #waiting: string[] = [];

  get writableLength(): number {
    return this.#waiting.join("").length;
  }
  status(): this {
    return this;
  }
  set(): this {
    return this;
  }
  flushHeaders(): void {}
  write(text: string): void {
    this.#waiting.push(text);
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
        let hub = begin();
        let pipe = new Pipe();
        const log: string[] = [];
        const come = (lastSeen: string | undefined): void => {
          pipe = new Pipe();
          hub.streams.open(pipe as unknown as Response, lastSeen);
        };
        const leave = (): void => {
          pipe.leave();
          log.push(...pipe.seen);
        };
        come(undefined);
        for (const { do: what, ...rest } of steps) {
          if (what === "publish") {
            const { count } = rest as { count: number };
            for (let n = 0; n < count; n++) {
              const reason = "x".repeat(SIZE);
              hub.events.publish({ kind: "store-changed", state: "ok", reason });
            }
          } else if (what === "read") pipe.read();
          else {
            leave();
            if (restarts) {
              run += 1;
              hub = begin();
            }
            come(lastId(log));
          }
        }
        // A reader that takes all there is: whatever waits comes.
        for (let n = 0; n < 100; n++) pipe.read();
        leave();

        expect(jumps(log)).toEqual([]);
        const { lastSeq } = hub.events;
        expect(lastId(log)).toBe(`r${run}.${lastSeq}`);
      }),
      { numRuns: 200 },
    );
  });
});

const idIn = (frame: string): string | undefined => /^id: (\S+)$/m.exec(frame)?.[1];

function lastId(log: readonly string[]): string | undefined {
  return log.map(idIn).findLast((id) => id !== undefined);
}

/**
 * Frames that are not where they should be: each fact follows the place before it, in the same run,
 * and a stream begins where its reader was. Only a reset may go elsewhere.
 */
function jumps(log: readonly string[]): readonly string[] {
  const found: string[] = [];
  let before: string | undefined;
  for (const frame of log) {
    const id = idIn(frame);
    if (id === undefined) continue;
    const [run, seq] = id.split(".");
    const isFact = /^event: store-changed$/m.test(frame);
    const from = isFact ? `${run}.${Number(seq) - 1}` : id;
    const isReset = /^event: reset$/m.test(frame);
    if (!isReset && from !== (before ?? from)) found.push(`${id} after ${before}`);
    before = id;
  }
  return found;
}
