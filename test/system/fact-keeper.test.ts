import { describe, expect, test } from "vitest";
import type { HubEvent } from "../../src/market/events.ts";
import { StoreFailure } from "../../src/store/errors.ts";
import type { NewEvent, OutboxStore } from "../../src/store/outbox-port.ts";
import { FactKeeper } from "../../src/system/fact-keeper.ts";
import { haltOrder } from "../kit/halts.ts";
import { ManualClock } from "../kit/manual-clock.ts";

/** An outbox in memory that is there, away, or will not have it. */
class FakeOutbox implements OutboxStore {
  mood: "ok" | "offline" | "refused" = "ok";
  calls = 0;
  readonly kept = new Map<string, NewEvent>();

  async add(events: readonly NewEvent[]): Promise<number> {
    await Promise.resolve();
    this.calls += 1;
    if (this.mood !== "ok") throw new StoreFailure(this.mood, "XX000", "no");
    for (const event of events) this.kept.set(event.key, event);
    return events.length;
  }

  after(): Promise<never> {
    return Promise.reject(new Error("nobody reads here"));
  }
}

const parked = (n: number): HubEvent => ({
  kind: "actor-parked",
  actor: `a${n}`,
  reason: "broken",
});

function setUp() {
  const clock = new ManualClock(1_000);
  const outbox = new FakeOutbox();
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const facts = new FactKeeper({ outbox, runId: "run", machineClock: clock, onFailure });
  let seq = 0;
  const happen = (event: HubEvent): void => {
    seq += 1;
    facts.note({ seq, at: seq * 10, event });
  };
  const subjects = () => [...outbox.kept.values()].map(({ subject }) => subject);
  return { clock, outbox, failures, facts, happen, subjects };
}

describe("a keeper of facts", () => {
  test("writes down what only the process knows, under a key of its own", async () => {
    const { facts, happen, outbox } = setUp();

    happen(parked(1));
    happen({ kind: "portfolio-saved", portfolio: "main" });
    happen({ kind: "store-changed", state: "offline", reason: "away" });
    await facts.stop();

    expect([...outbox.kept.values()]).toEqual([
      {
        key: "run/1",
        at: 10,
        kind: "actor-parked",
        subject: "a1",
        payload: { actor: "a1", reason: "broken" },
      },
      {
        key: "run/2",
        at: 20,
        kind: "portfolio-saved",
        subject: "main",
        payload: { portfolio: "main" },
      },
      {
        key: "run/3",
        at: 30,
        kind: "store-changed",
        subject: "store",
        payload: { state: "offline", reason: "away" },
      },
    ]);
  });

  test("leaves to the tables what they tell themselves", async () => {
    const { facts, happen, outbox } = setUp();

    happen({ kind: "trading-halted", ...haltOrder() });
    await facts.stop();

    expect(outbox.calls).toBe(0);
  });

  test("keeps them while the database is away, and writes them once it is back", async () => {
    const { clock, facts, happen, outbox, subjects } = setUp();
    outbox.mood = "offline";
    happen(parked(1));
    await clock.advance(5_000);
    happen(parked(2));
    const before = [outbox.calls, subjects()];

    outbox.mood = "ok";
    await clock.advance(2_000);

    expect(before).toEqual([3, []]);
    expect(subjects()).toEqual(["a1", "a2"]);
    await facts.stop();
    expect(clock.pending).toBe(0);
  });

  test("lets the oldest go when the database is away for long", async () => {
    const { clock, facts, happen, outbox, subjects } = setUp();
    outbox.mood = "offline";
    for (let n = 1; n <= 1_300; n += 1) happen(parked(n));
    await clock.advance(2_000);

    outbox.mood = "ok";
    await clock.advance(2_000);

    expect(subjects()).toHaveLength(1_000);
    expect(subjects().at(0)).toBe("a301");
    expect(subjects().at(-1)).toBe("a1300");
    await facts.stop();
  });

  test("tries once more when it is stopped, and does not wait for a database that is away", async () => {
    const { clock, facts, happen, outbox } = setUp();
    outbox.mood = "offline";
    happen(parked(1));
    await clock.advance(0);

    await facts.stop();

    expect([outbox.calls, outbox.kept.size, clock.pending]).toEqual([2, 0, 0]);
  });

  test("says what the database would not take, and goes on", async () => {
    const { clock, facts, failures, happen, outbox, subjects } = setUp();
    outbox.mood = "refused";
    happen(parked(1));
    await clock.advance(0);
    outbox.mood = "ok";

    happen(parked(2));
    await facts.stop();

    expect(failures).toMatchObject([{ fault: "refused" }]);
    expect(subjects()).toEqual(["a2"]);
  });
});
