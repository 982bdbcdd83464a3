import { describe, expect, test } from "vitest";
import { Notifier, type NotifierDeps } from "../../../src/actors/notifier/notifier.ts";
import type { NotifierProtocol } from "../../../src/actors/notifier/protocol.ts";
import type { SendOutcome } from "../../../src/actors/notifier/send/sender.ts";
import type { Channel } from "../../../src/market/notification.ts";
import { NOTIFICATION_KINDS } from "../../../src/market/notification.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import type { OutboxEvent } from "../../../src/store/outbox-port.ts";
import type { LeaseAnswer } from "../../../src/vault/lease.ts";
import { NOON } from "../../kit/builders.ts";
import { FakeContext } from "../../kit/fake-context.ts";
import { FakeNotifications } from "../../kit/fake-notifications.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const channel = (name: string, over: Partial<Channel> = {}): Channel => ({
  name,
  type: "webhook",
  kinds: NOTIFICATION_KINDS,
  minSeverity: "info",
  ...over,
});
const halted = (id: number, reason = `storm ${id}`): OutboxEvent => ({
  id,
  at: NOON,
  kind: "trading-halted",
  subject: "trading",
  payload: { by: "ann", reason },
});
const lent: LeaseAnswer = {
  kind: "granted",
  lease: {
    id: "l",
    secret: "notify:ops",
    version: 1,
    origin: "vault",
    validForMs: 1,
    parts: { address: new Secret("https://x.example/") },
  },
};

function setUp(channels: readonly Channel[] = [channel("ops")]) {
  const clock = new ManualClock(NOON);
  const store = new FakeNotifications(clock);
  const world = {
    clock,
    store,
    events: [] as OutboxEvent[],
    outcome: { kind: "taken" } as SendOutcome,
    /** How many go into one message. */
    together: 20,
    /** A message with this in it is refused. */
    poison: "no such words",
    messages: 0,
    /** The channel that never answers. */
    hanging: "",
    lease: lent,
    sent: [] as string[],
    counted: [] as string[],
    day: undefined as number | undefined,
  };
  let ids = 0;
  const deps: NotifierDeps = {
    channels,
    notifications: store,
    outbox: { after: async (id) => world.events.filter((event) => event.id > id).slice(0, 500) },
    summaries: {
      get due() {
        return world.day;
      },
      of: async () => ({ key: "s", kind: "summary", severity: "info", at: NOON, body: "the day" }),
      told: () => {
        world.day = undefined;
      },
    },
    sender: {
      fitting: (_channel, notes) => Math.min(world.together, notes.length),
      send: async ({ name }, _address, notes) => {
        world.messages += 1;
        const refused = { kind: "refused", reason: "it answered 400" } as const;
        if (notes.some(({ body }) => body.includes(world.poison))) return refused;
        world.sent.push(...notes.map(({ body }) => `${name}: ${body}`));
        return name === world.hanging ? new Promise<never>(() => {}) : world.outcome;
      },
    },
    lease: async () => world.lease,
    meter: {
      ended: (name, outcome, count) => void world.counted.push(`${name} ${outcome} ${count}`),
      waiting: () => {},
    },
    gate: new StoreGate(clock, () => {}),
    clock,
    machineClock: clock,
    random: () => 0.5,
    newId: () => `claim ${(ids += 1)}`,
  };
  /** Another incarnation, as after a crash. */
  const start = () => {
    const context = new FakeContext<NotifierProtocol>(clock);
    const notifier = new Notifier(deps, context);
    notifier.start();
    return { notifier, context };
  };
  return { ...start(), start, world };
}

describe("a notifier", () => {
  test("tells every channel what it wants to know, once", async () => {
    const ops = channel("ops");
    const night = channel("night", { minSeverity: "critical", kinds: ["halt"] });
    const { world } = setUp([ops, night, channel("money", { kinds: ["position"] })]);
    world.events = [halted(1), { ...halted(2), kind: "trading-resumed" }];
    await world.clock.advance(60_000);

    expect(world.sent.toSorted()).toEqual([
      "night: Buying is halted by ann: storm 1",
      "ops: Buying goes on again, says ann",
      "ops: Buying is halted by ann: storm 1",
    ]);
    expect(world.counted.toSorted()).toEqual(["night sent 1", "ops sent 2"]);
  });

  test("tries again with growing waits until it is taken", async () => {
    const { world } = setUp();
    world.events = [halted(1)];
    world.outcome = { kind: "later", reason: "it answered 500" };
    await world.clock.advance(120_000);
    const tries = world.sent.length;
    expect(tries).toBe(4); // at once, and after about 15, 30 and 60 s
    world.outcome = { kind: "taken" };
    await world.clock.advance(600_000);
    expect(world.sent).toHaveLength(tries + 1);
    expect(world.store.rows[0]).toMatchObject({ state: "sent", attempts: tries + 1 });
  });

  test("gives up after a day, and says why in what it keeps", async () => {
    const { world } = setUp();
    world.events = [halted(1)];
    world.outcome = { kind: "later", reason: "it answered 500" };
    await world.clock.advance(4_000);
    for (const row of world.store.rows) row.madeMs -= 86_400_000;
    await world.clock.advance(20_000);
    expect(world.store.rows[0]).toMatchObject({ state: "dropped", error: "it answered 500" });
    expect(world.counted.at(-1)).toBe("ops dropped 1");
  });

  test("delays no channel by one that hangs", async () => {
    const { world } = setUp([channel("slow"), channel("quick")]);
    world.hanging = "slow";
    world.events = [halted(1)];
    await world.clock.advance(4_000);
    world.events.push(halted(2));
    await world.clock.advance(4_000);
    expect(world.sent.filter((line) => line.startsWith("quick"))).toHaveLength(2);
    const waiting = world.store.rows.filter(({ state }) => state === "waiting");
    expect(waiting.map((row) => row.channel)).toEqual(["slow", "slow"]);
  });

  test("goes on where a crash left it: what was read is told, what was sent is not", async () => {
    const { world, context, start } = setUp();
    world.events = [halted(1)];
    await world.clock.advance(2_000);
    expect(world.sent).toHaveLength(1);
    context.end();
    world.events.push(halted(2));
    start();
    await world.clock.advance(2_000);
    expect(world.sent.map((line) => line.slice(-1))).toEqual(["1", "2"]);
  });

  test("sends once more what was sent when its process died before it could say so", async () => {
    const { world, context, start } = setUp();
    world.events = [halted(1)];
    world.hanging = "ops";
    await world.clock.advance(4_000);
    context.end();
    world.hanging = "";
    start();
    await world.clock.advance(50_000);
    expect(world.sent).toHaveLength(1);
    await world.clock.advance(20_000);
    expect(world.sent).toHaveLength(2);
    expect(new Set(world.sent).size).toBe(1);
  });

  test("tells no old news, as after a week without a channel", async () => {
    const { world } = setUp();
    world.events = [{ ...halted(1), at: NOON - 86_400_001 }, halted(2)];
    await world.clock.advance(4_000);
    expect(world.sent).toEqual(["ops: Buying is halted by ann: storm 2"]);
  });

  test("sums a day up once", async () => {
    const { world } = setUp();
    world.day = NOON;
    await world.clock.advance(10_000);
    world.day = NOON; // another incarnation does not know
    await world.clock.advance(10_000);
    expect(world.sent).toEqual(["ops: the day"]);
  });

  test("waits for its secret, and says that it lacks", async () => {
    const { world, notifier } = setUp();
    world.lease = { kind: "absent" };
    world.events = [halted(1)];
    await world.clock.advance(4_000);
    expect(world.store.rows[0]).toMatchObject({
      state: "waiting",
      error: "its secret was never set up",
    });
    expect(await notifier.test({ by: "ann" })).toEqual([
      { channel: "ops", taken: false, reason: "its secret was never set up" },
    ]);
    world.lease = lent;
    expect(await notifier.test({ by: "ann" })).toEqual([{ channel: "ops", taken: true }]);
    await world.clock.advance(20_000);
    expect(world.sent).toContain("ops: Buying is halted by ann: storm 1");
  });

  test("ends what a message held, and sends the rest in the next", async () => {
    const { world } = setUp();
    world.together = 2;
    world.events = [1, 2, 3, 4, 5].map((id) => halted(id));
    await world.clock.advance(2_000);
    expect(world.messages).toBe(3);
    expect(world.sent.map((line) => line.slice(-1))).toEqual(["1", "2", "3", "4", "5"]);
    expect(world.store.rows.every(({ state }) => state === "sent")).toBe(true);
  });

  test("leaves a channel alone for as long as it asks, whatever happens meanwhile", async () => {
    const { world } = setUp();
    world.events = [halted(1)];
    world.outcome = { kind: "later", reason: "it answered 429", afterMs: 300_000 };
    await world.clock.advance(4_000);
    for (let id = 2; id < 20; id++) {
      world.events.push(halted(id));
      await world.clock.advance(10_000);
    }
    expect(world.messages).toBe(1);
    world.outcome = { kind: "taken" };
    await world.clock.advance(200_000);
    expect(new Set(world.sent).size).toBe(19);
  });

  test("drops the one message that is refused, and none beside it", async () => {
    const { world } = setUp();
    world.poison = "storm 2";
    world.events = [1, 2, 3].map((id) => halted(id));
    await world.clock.advance(10_000);
    expect(world.store.rows.map(({ state }) => state)).toEqual(["sent", "dropped", "sent"]);
    expect(world.store.rows[1]?.error).toBe("it answered 400");
  });
});
