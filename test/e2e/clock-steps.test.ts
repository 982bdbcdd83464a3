import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allActors } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { expectWhole, hubTime, untilArmed } from "./kit/outage.ts";
import { steppedDate } from "./kit/stepped-date.ts";

const DAY_MS = 86_400_000;
const SPEED = 60;
/** How long the hub is looked at after each step, ms of the market. */
const AFTER_MS = 600_000;

/**
 * The market's clock of a sandbox runs on monotonic time: what is set here is the machine's, by which
 * leases, tokens, logs and figures go.
 */
describe("a hub whose machine's clock is set while it runs", () => {
  const folder = dataFolder();
  const clock = steppedDate(folder.path);
  let hub: HubProcess;

  beforeAll(async () => {
    hub = await HubProcess.start(join(folder.path, "data"), {
      HUB_SPEED: String(SPEED),
      ...clock.settings,
    });
    await untilArmed(hub);
  }, 180_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    folder.remove();
  });

  test.each([
    ["two days on", 2 * DAY_MS],
    ["two days back", -2 * DAY_MS],
    ["right again", 0],
  ])("works on, with every candle and every actor: %s", { timeout: 150_000 }, async (_, byMs) => {
    const before = await hubTime(hub);
    clock.set(byMs);
    await new Promise((done) => setTimeout(done, 100));
    const token = { name: `clock ${byMs}`, role: "viewer" };
    const { body } = await hub.post("/api/v1/tokens", token);
    const { createdAt } = body as { createdAt: number };
    // The hub's machine does believe it.
    expect(Math.abs(createdAt - Date.now() - byMs)).toBeLessThan(60_000);
    const isLater = async (): Promise<boolean> => (await hubTime(hub)) > before + AFTER_MS;
    await until(isLater, 120_000, "ten minutes of the market to pass");
    const after = await hubTime(hub);

    expect(after - before).toBeLessThan(DAY_MS);
    await expectWhole(hub, after);
    const { worker_status } = await hub.get<{ worker_status: string }>("/api/health");
    expect(worker_status).toBe("running");
    const actors = await allActors(hub);
    expect(actors.filter(({ state, restarts }) => state !== "up" || restarts > 0)).toEqual([]);
  });
});
