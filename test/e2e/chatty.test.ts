import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineClock } from "../../src/runtime/clock.ts";
import { VaultBox } from "../../src/vault/embedded/box.ts";
import { type EmbeddedVault, startEmbeddedVault } from "../../src/vault/embedded/start.ts";
import { broken } from "../http/conformance/check.ts";
import { type ApiNode, allActors } from "./kit/api.ts";
import { type Door, startDoor } from "./kit/door.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";
import { untilArmed, untilStore } from "./kit/outage.ts";
import { OwnedServer } from "./kit/owned-server.ts";

/** Buys and sells by turns, so that there are trades soon; in 1m it throws as long as there is poison. */
const EAGER = `import { existsSync } from "node:fs";
const poison = new URL("./poison", import.meta.url);
export default ({ z }) => ({
  id: "eager",
  version: "1",
  summary: "Buys and sells by turns.",
  parameters: z.strictObject({}),
  warmup: () => 1,
  start: () => {
    let turn = 0;
    return {
      onCandle: ({ candle }) => {
        if (candle.openTime % 300_000 !== 0 && existsSync(poison)) throw new Error("poisoned");
        turn += 1;
        return turn % 2 === 0
          ? { side: "sell", strength: 1, evidence: { turn } }
          : { side: "buy", strength: 1, stopLoss: String(candle.close * 0.9), evidence: { turn } };
      },
    };
  },
});
`;
/** Chatty's own limit for its most urgent paths. */
const CHATTY_LIMIT_MS = 5_000;
const WAIT_MS = 60_000;

interface Health {
  readonly worker_status: string;
  readonly vvault_status: string;
  readonly supabase_status: string;
}

/** Functions of the store without which one actor, and no other, cannot do its work: it fails, as on a broken schema. */
const NEEDED: Readonly<Record<string, string>> = {
  architect: "hub_candles_upsert",
  gatekeeper: "hub_decide",
  trader: "hub_queue_claim",
  sentinel: "hub_audit",
};

describe("Chatty's Finance tab on a real hub", () => {
  const folder = dataFolder();
  const own = mkdtempSync(join(tmpdir(), "hub-e2e-chatty-"));
  let server: OwnedServer;
  let vault: EmbeddedVault;
  let door: Door;
  let hub: HubProcess;

  beforeAll(async () => {
    writeFileSync(join(own, "eager.mjs"), EAGER);
    const key = { kind: "file", path: join(own, "key") } as const;
    vault = await startEmbeddedVault(await VaultBox.open(join(own, "sealed"), key), machineClock);
    door = await startDoor(vault.url);
    server = await OwnedServer.start();
    hub = await HubProcess.start(folder.path, {
      HUB_SPEED: "60",
      HUB_CONFIG_SECONDS: "5",
      HUB_FORK_HARVESTERS: "true",
      HUB_STRATEGIES_DIR: own,
      HUB_STRATEGIES: '[{"id":"eager"}]',
      DATABASE_URL: server.url(),
      VVAULT_URL: door.url,
      VVAULT_SERVICE_TOKEN: vault.token.use((text) => text),
    });
  }, 180_000);

  afterAll(async () => {
    await hub.stop("SIGKILL");
    await server.remove();
    await door.close();
    await vault.close();
    folder.remove();
    rmSync(own, { recursive: true, force: true });
  }, 60_000);

  const health = async (): Promise<Health> => {
    const answer = await hub.fetch("/api/health", {
      signal: AbortSignal.timeout(CHATTY_LIMIT_MS),
    });
    return (await answer.json()) as Health;
  };
  const untilHealth = (isSo: (now: Health) => boolean, what: string): Promise<boolean> =>
    until(async () => isSo(await health()), WAIT_MS, what);
  const actor = async (name: string): Promise<ApiNode | undefined> =>
    (await allActors(hub)).find(({ id }) => id === name || id.endsWith(`/${name}`));

  test("has all it needs from the first second, without credentials", async () => {
    expect(await broken(hub.url)).toEqual([]);
  });

  test("shows trades once there are some", async () => {
    await untilArmed(hub);
    const trades = async (): Promise<boolean> => {
      const { trades: list } = await hub.get<{ trades: unknown[] }>("/api/trades/history");
      return list.length > 1;
    };
    await until(trades, WAIT_MS, "trades");

    expect(await broken(hub.url)).toEqual([]);
  }, 120_000);

  test.each(Object.entries(NEEDED))(
    "has all it needs while the %s fails, and sees that it does",
    async (name, needed) => {
      const before = (await actor(name))?.restarts ?? 0;
      let asked: Promise<unknown> = Promise.resolve();
      await server.sql(`alter function public.${needed} rename to ${needed}_gone`);
      try {
        const isDown = async (): Promise<boolean> => {
          const node = await actor(name);
          return node?.state !== "up" || node.restarts > before;
        };
        // What the sentinel writes down is each wish of an operator. The answer may wait for the
        // actor to be back, and a hub that failed for that long ends, so that a fresh process is tried.
        const wish = { exchange: "binance", pair: "BTC/USDT", timeframe: "1m" };
        asked = hub.post("/api/v1/watchlist", wish);
        await until(isDown, WAIT_MS, `the ${name} to fail`);
        expect(await broken(hub.url)).toEqual([]);
      } finally {
        await server.sql(`alter function public.${needed}_gone rename to ${needed}`);
      }

      await untilHealth(
        ({ worker_status }) => worker_status === "running",
        `the ${name} to be back`,
      );
      expect((await actor(name))?.restarts).toBeGreaterThan(before);
      await asked;
    },
    120_000,
  );

  test("has all it needs while a harvester's process is dead, and while it is made anew", async () => {
    const before = (await allActors(hub)).find(({ id }) => id.includes("harvester:"));
    process.kill(before?.pid ?? 0, "SIGKILL");
    await untilHealth(({ worker_status }) => worker_status === "degraded", "the loss to be seen");
    expect(await broken(hub.url)).toEqual([]);

    await untilHealth(({ worker_status }) => worker_status === "running", "a new harvester");
    const after = (await allActors(hub)).find(({ id }) => id.includes("harvester:"));
    expect(after?.pid).not.toBe(before?.pid);
    expect(await broken(hub.url)).toEqual([]);
  }, 120_000);

  test("has all it needs while the vault is away, and says so", async () => {
    door.shut();
    await untilHealth(({ vvault_status }) => vvault_status === "offline", "the vault to be missed");
    expect(await broken(hub.url)).toEqual([]);

    door.open();
    await untilHealth(({ vvault_status }) => vvault_status === "ok", "the vault to be found");
  }, 120_000);

  test.each<[string, () => Promise<void>, () => Promise<void>]>([
    ["is stopped", () => server.stop(), () => server.startAgain()],
    ["hangs", async () => server.freeze(), async () => server.thaw()],
  ])(
    "has all it needs while the database %s, and says so",
    async (_how, takeAway, bringBack) => {
      await takeAway();
      await untilHealth(({ supabase_status }) => supabase_status === "offline", "it to be missed");
      expect(await broken(hub.url)).toEqual([]);

      await bringBack();
      await untilStore(hub, "ok");
      expect(await broken(hub.url)).toEqual([]);
    },
    180_000,
  );

  test("has all it needs while analysts fail, and others never notice", async () => {
    const slower = async (): Promise<Record<string, number>> => {
      const actors = (await allActors(hub)).filter(({ id }) => /analyst:.*:(5m|15m|1h)$/.test(id));
      return Object.fromEntries(actors.map(({ id, restarts }) => [id, restarts]));
    };
    const before = await slower();
    const poison = join(own, "poison");
    writeFileSync(poison, "");
    await untilHealth(({ worker_status }) => worker_status === "degraded", "analysts to fail");
    expect(await broken(hub.url)).toEqual([]);
    rmSync(poison);

    expect(await broken(hub.url)).toEqual([]);
    expect(await slower()).toEqual(before);
    expect(Object.keys(before)).toHaveLength(6);
  }, 120_000);

  test("is not cut off by a stop: what was asked is answered, and the port closes with code 0", async () => {
    const asked = Array.from({ length: 20 }, () => fetch(`${hub.url}/api/status`));
    const answers = await Promise.all(asked);
    const stopping = hub.stop("SIGTERM");
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<object>));

    expect(bodies.every((body) => "active_broker_id" in body)).toBe(true);
    expect((await stopping).code).toBe(0);
  }, 60_000);
});
