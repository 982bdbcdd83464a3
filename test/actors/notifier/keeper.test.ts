import { expect, test } from "vitest";
import { ROOT } from "../../../src/actors/commander/tree.ts";
import { notificationsSpec } from "../../../src/actors/notifier/keeper.ts";
import type { NotifierDeps } from "../../../src/actors/notifier/notifier.ts";
import type { KitEvent } from "../../../src/runtime/spec.ts";
import { createActorSystem } from "../../../src/runtime/system.ts";
import { StoreGate } from "../../../src/store/gate.ts";
import { FakeNotifications } from "../../kit/fake-notifications.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

test("a notifier that fails again and again is parked, and nobody else notices", async () => {
  const clock = new ManualClock();
  const told: KitEvent[] = [];
  const escalations: string[] = [];
  const system = await createActorSystem({
    clock,
    random: () => 0.5,
    root: ROOT,
    onEvent: (event) => told.push(event),
    onEscalation: (reason) => escalations.push(reason),
  });
  const deps: NotifierDeps = {
    channels: [],
    notifications: new FakeNotifications(clock),
    outbox: { after: () => Promise.reject(new Error("torn")) },
    summaries: { due: undefined, of: async () => undefined, told: () => {} },
    sender: { fitting: () => 1, send: async () => ({ kind: "taken" }) },
    lease: async () => ({ kind: "absent" }),
    meter: { ended: () => {}, waiting: () => {} },
    gate: new StoreGate(clock, () => {}),
    clock,
    machineClock: clock,
    random: () => 0.5,
    newId: () => "id",
  };
  await system.root.spawn(notificationsSpec(deps));
  await clock.advance(3_600_000);

  expect(told.filter(({ kind }) => kind === "parked")).toHaveLength(1);
  expect(escalations).toEqual([]);
  expect(system.tree().children.map(({ id, state }) => [id, state])).toEqual([
    ["notifications", "up"],
  ]);
  await system.stop("the test ends", 1_000);
});
