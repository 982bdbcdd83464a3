import { expect, test } from "vitest";
import { analystSpec } from "../../../src/actors/analyst/analyst.ts";
import type { KitEvent } from "../../../src/runtime/spec.ts";
import { createActorSystem } from "../../../src/runtime/system.ts";
import { settle } from "../../kit/manual-clock.ts";
import { supervisorSpec } from "../../runtime/support.ts";
import { at, setUp } from "./world.ts";

const AN_OUTAGE_OF_GAPS = 60;

test("an analyst whose gaps all heal while its window loads, loads it once more and thinks once about the candle that woke it", async () => {
  const { deps, store, put, architect, raised } = setUp([-3, -2, -1]);
  const events: KitEvent[] = [];
  const { clock } = deps;
  const onEvent = (event: KitEvent): void => void events.push(event);
  const options = { clock, random: () => 0.5, root: supervisorSpec, onEvent };
  const system = await createActorSystem({ ...options, onEscalation: () => undefined });
  const analyst = await system.root.spawn(analystSpec(deps));
  const load = architect.answers.history ?? (() => store.history);
  let loaded = (): void => {};
  architect.answers.history = (request) =>
    new Promise((resolve) => {
      loaded = () => resolve(load(request));
    });

  analyst.tell("reload", { reason: "the first gap" });
  await settle();
  architect.answers.history = load;
  for (let n = 0; n < AN_OUTAGE_OF_GAPS; n += 1) analyst.tell("reload", { reason: "a gap" });
  analyst.tell("wake", { candle: put(0), answeredAt: 50, afresh: false });
  store.history = { ...store.history, owed: { openTime: at(0), answeredAt: 50 } };
  architect.answers.evaluated = () => void (store.history = { ...store.history, owed: null });
  loaded();
  await settle();

  expect(architect.of("history")).toHaveLength(3);
  expect(raised()).toEqual([0]);
  expect(events.filter(({ kind }) => kind === "dead-letter")).toEqual([]);
  await system.stop("the test ends", 1_000);
});
