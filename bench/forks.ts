import { type ApiNode, allActors } from "../test/e2e/kit/api.ts";
import { dataFolder, HubProcess, until } from "../test/e2e/kit/hub-process.ts";
import { WOUNDS } from "../test/e2e/kit/wounds.ts";
import { forked, patient, stopForks, tolerant } from "../test/runtime/forks.ts";
import { sleep } from "./many-series.ts";
import { Sheet } from "./store/sheet.ts";

const ROUNDS = 3;
/** Noticed and replaced. */
const PROMISE_MS = 3_000;
/** Plain JavaScript, which is not compiled along. */
const WORKER = new URL("../../test/fixtures/runtime/worker.mjs", import.meta.url);
/** A hub that has come to rest. */
const SETTLE_MS = 3_000;

/** How soon an actor in a process of its own is there again, whatever befell it. */
export async function run(): Promise<void> {
  const sheet = new Sheet();
  for (const [name, wound] of Object.entries(WOUNDS)) {
    await measure(sheet, `a harvester that ${name}`, () => ofHub(wound));
  }
  await measure(sheet, "an actor that spins", () => ofActor("spin"));
  await measure(sheet, "an actor that leaks until its heap is full", () => ofActor("hoardObjects"));
  sheet.print();
}

async function measure(sheet: Sheet, what: string, once: () => Promise<number>): Promise<void> {
  const took: number[] = [];
  // A fresh tree each time: a supervisor waits longer with every restart that follows another.
  for (let round = 0; round < ROUNDS; round += 1) took.push(await once());
  console.log(`${what}: ${took.map((ms) => `${Math.round(ms)} ms`).join(", ")}`);
  sheet.atMost(`${what} is up again, worst of ${ROUNDS}`, Math.max(...took), PROMISE_MS, "ms");
}

async function ofHub(wound: (pid: number) => void): Promise<number> {
  const folder = dataFolder();
  const hub = await HubProcess.start(folder.path, { HUB_FORK_HARVESTERS: "true" });
  try {
    await sleep(SETTLE_MS);
    return await replaced(hub, wound);
  } finally {
    await hub.stop();
    folder.remove();
  }
}

async function replaced(hub: HubProcess, wound: (pid: number) => void): Promise<number> {
  const find = async (): Promise<ApiNode | undefined> =>
    (await allActors(hub)).find(({ id }) => id.endsWith("harvester:binance"));
  const before = (await find())?.pid ?? 0;
  const startedAt = performance.now();
  wound(before);
  await until(
    async () => {
      const now = await find();
      return now?.state === "up" && now.pid !== before ? now : undefined;
    },
    30_000,
    "another process",
  );
  return performance.now() - startedAt;
}

/** From the moment it goes wrong until the next message is answered; filling the heap is not part of it. */
async function ofActor(how: "spin" | "hoardObjects"): Promise<number> {
  const { ref, events } = await forked({ intensity: tolerant, module: WORKER });
  const startedAt = performance.now();
  ref.tell(how, null);
  let restartedAt = startedAt;
  await until(
    () => {
      if (how === "hoardObjects") restartedAt = performance.now();
      return events.some(({ kind }) => kind === "restarting");
    },
    60_000,
    "its end",
  );
  await ref.ask("add", 1, patient);
  await stopForks();
  return performance.now() - restartedAt;
}
