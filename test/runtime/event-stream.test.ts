import { describe, expect, test } from "vitest";
import type { HubEvent, Recorded } from "../../src/market/events.ts";
import { EventStream } from "../../src/runtime/event-stream.ts";
import { ManualClock } from "../kit/manual-clock.ts";

function setUp(keep = 3) {
  const clock = new ManualClock(1_000);
  const errors: unknown[] = [];
  const stream = new EventStream<string>({
    clock,
    keep,
    onListenerError: (error) => errors.push(error),
  });
  return { clock, errors, stream };
}

describe("an event stream", () => {
  test("gives each event its number and its time", async () => {
    const { clock, stream } = setUp();
    stream.publish("first");
    await clock.advance(5);

    expect(stream.publish("second")).toEqual({ seq: 2, at: 1_005, event: "second" });
    expect(stream.lastSeq).toBe(2);
  });

  test("replays what came after a number, as far as it is kept", () => {
    const { stream } = setUp();
    expect([stream.oldestSeq, stream.since(0)]).toEqual([0, []]);
    for (const event of ["a", "b", "c", "d", "e"]) stream.publish(event);

    expect(stream.since(3).map(({ event }) => event)).toEqual(["d", "e"]);
    expect(stream.since(0).map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(stream.since(5)).toEqual([]);
    expect(stream.oldestSeq).toBe(3);
  });

  test("harms nobody when a listener throws", () => {
    const { errors, stream } = setUp();
    const heard: string[] = [];
    stream.subscribe(() => {
      throw new Error("deaf");
    });
    stream.subscribe(({ event }) => heard.push(event));
    stream.publish("a");

    expect(heard).toEqual(["a"]);
    expect(errors).toHaveLength(1);
  });

  test("tells a listener nothing after it unsubscribed, and ends one subscription only", () => {
    const { stream } = setUp();
    const heard: string[] = [];
    const listener = ({ event }: { event: string }): void => void heard.push(event);
    const cancel = stream.subscribe(listener);
    stream.subscribe(listener);
    cancel();
    cancel();
    stream.publish("a");

    expect(heard).toEqual(["a"]);
  });

  test("refuses to keep nothing", () => {
    expect(() => setUp(0)).toThrow(RangeError);
  });

  test("yields what the market calls recorded", () => {
    const stream = new EventStream<HubEvent>({ clock: new ManualClock(), keep: 1 });
    const recorded: Recorded = stream.publish({ kind: "store-changed", state: "ok", reason: "" });

    expect(recorded.seq).toBe(1);
  });
});
