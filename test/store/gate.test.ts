import { describe, expect, test } from "vitest";
import type { HubEvent } from "../../src/market/events.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import { StoreGate } from "../../src/store/gate.ts";
import { ManualClock } from "../kit/manual-clock.ts";

const offline = (): StoreFailure => new StoreFailure("offline", "08006", "connection lost");

function setUp(outcomes: (Error | string)[]) {
  const clock = new ManualClock();
  const events: HubEvent[] = [];
  const triedAt: number[] = [];
  const gate = new StoreGate(clock, (event) => events.push(event));
  const abort = new AbortController();
  const call = async (): Promise<string> => {
    triedAt.push(clock.monotonicMs());
    const outcome = outcomes.shift() ?? "written";
    if (typeof outcome === "string") return outcome;
    throw outcome;
  };
  const told = (): string[] => events.map((e) => (e.kind === "store-changed" ? e.state : e.kind));
  return { clock, gate, events, told, triedAt, abort, run: () => gate.run(abort.signal, call) };
}

describe("a gate before the store", () => {
  test("tries again and again while the database is away, ever more slowly up to two seconds", async () => {
    const { run, clock, triedAt } = setUp(Array.from({ length: 7 }, offline));

    const answer = run();
    await clock.advance(60_000);

    expect(await answer).toBe("written");
    expect(triedAt).toEqual([0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
  });

  test("tells once that the database went and once that it is back", async () => {
    const { run, clock, told } = setUp([offline(), offline(), "one", "two", offline()]);

    const first = run();
    await clock.advance(1_000);
    await first;
    await run();
    const third = run();
    await clock.advance(1_000);
    await third;

    expect(told()).toEqual(["offline", "ok", "offline", "ok"]);
  });

  test("knows what the last try met, not what the first one did, and forgets it with the outage", async () => {
    const full = new StoreFailure("offline", "53100", "no space left on device");
    const { gate, run, clock } = setUp([offline(), full, full]);

    const answer = run();
    await clock.advance(50);
    const first = gate.reason;
    await clock.advance(100);
    const second = gate.reason;
    await clock.advance(1_000);
    await answer;

    expect([first, second, gate.reason]).toEqual([offline().message, full.message, null]);
  });

  test("passes on what the database refuses, and whatever else goes wrong, at once", async () => {
    const refused = new StoreFailure("refused", "stale-revision", "moved on");
    const { run, events } = setUp([refused, new TypeError("ours")]);

    await expect(run()).rejects.toBe(refused);
    await expect(run()).rejects.toThrow("ours");
    expect(events).toEqual([]);
  });

  test("stops trying when its caller does, and leaves no timer behind", async () => {
    const { run, clock, abort } = setUp(Array.from({ length: 99 }, offline));
    const answer = run();
    answer.catch(() => undefined);
    await clock.advance(500);

    abort.abort(new Error("stopped"));

    await expect(answer).rejects.toThrow("stopped");
    expect(clock.pending).toBe(0);
  });

  test("tells of one outage, however many wait, and of its end when the last of them got through", async () => {
    const { gate, told, clock } = setUp([]);
    const waits = [1, 3, 5].map((failures) => {
      let left = failures;
      return gate.run(new AbortController().signal, async () => {
        if (left-- > 0) throw offline();
      });
    });

    await clock.advance(1_000);
    expect(told()).toEqual(["offline"]);
    await clock.advance(60_000);
    await Promise.all(waits);

    expect(told()).toEqual(["offline", "ok"]);
  });

  test("stays offline while somebody waits to write, though others can read", async () => {
    const { gate, told, clock } = setUp([]);
    const { signal } = new AbortController();
    let isFull = true;
    const writing = gate.run(signal, async () => {
      if (isFull) throw new StoreFailure("offline", "53100", "disk full");
    });
    await clock.advance(500);

    for (let n = 0; n < 5; n += 1) await gate.run(signal, async () => "read");
    expect(told()).toEqual(["offline"]);
    isFull = false;
    await clock.advance(2_000);
    await writing;

    expect(told()).toEqual(["offline", "ok"]);
  });

  test("does not take the end of whoever waited for the end of the outage", async () => {
    const { gate, told, clock, abort, run } = setUp([offline(), offline(), offline()]);
    const answer = run();
    answer.catch(() => undefined);
    await clock.advance(100);

    abort.abort(new Error("stopped"));
    await clock.advance(0);
    expect(told()).toEqual(["offline"]);
    await gate.run(new AbortController().signal, async () => "reached");

    expect(told()).toEqual(["offline", "ok"]);
  });
});
