import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineClock } from "../../src/runtime/clock.ts";
import { createVaultClient } from "../../src/vault/client/client.ts";
import { VaultBox } from "../../src/vault/embedded/box.ts";
import { type EmbeddedVault, startEmbeddedVault } from "../../src/vault/embedded/start.ts";
import type { StrategyChange, Vault } from "../../src/vault/port.ts";
import { type ApiSignal, allSignals } from "./kit/api.ts";
import { dataFolder, HubProcess, until } from "./kit/hub-process.ts";

/** Wants to buy on every candle, so that each close shows what made it think. */
const EAGER = `export default ({ z }) => ({
  id: "eager",
  version: "1",
  summary: "Buys on every candle.",
  parameters: z.strictObject({ note: z.string().default("") }),
  warmup: () => 1,
  start: () => ({
    onCandle: ({ candle }) => ({
      side: "buy",
      strength: 1,
      stopLoss: String(candle.close * 0.99),
      evidence: { close: candle.close },
    }),
  }),
});
`;

interface Config {
  readonly name: string;
  readonly version: number;
  readonly origin: string;
}
type Signal = ApiSignal & { readonly config: Config };
interface Strategies {
  readonly origin: string;
  readonly confirmedAgeSeconds: number | null;
  readonly strategies: readonly { readonly id: string; readonly config: Config }[];
  readonly refused: readonly { readonly name: string; readonly running: number | null }[];
}

describe("a hub with a VVAULT", () => {
  const folder = dataFolder();
  const other = dataFolder();
  const own = mkdtempSync(join(tmpdir(), "hub-e2e-vault-"));
  let remote: EmbeddedVault;
  let vault: Vault;
  let hub: HubProcess;
  let settings: Record<string, string>;

  beforeAll(async () => {
    writeFileSync(join(own, "eager.mjs"), EAGER);
    const key = { kind: "file", path: join(own, "key") } as const;
    remote = await startEmbeddedVault(await VaultBox.open(join(own, "sealed"), key), machineClock);
    const { url, token } = remote;
    vault = createVaultClient({ url, token, clock: machineClock, random: () => 0.5 });
    settings = {
      HUB_SPEED: "60",
      HUB_STRATEGIES_DIR: own,
      HUB_STRATEGIES: '[{"id":"eager","parameters":{}}]',
      HUB_CONFIG_SECONDS: "5",
      VVAULT_URL: url,
      VVAULT_SERVICE_TOKEN: token.use((text) => text),
    };
    await change({
      params: { strategy_type: "eager", timeframe: "M1" },
      symbols: ["BTC_USDT"],
      riskLimits: { max_position_size: 0.01 },
      enabled: true,
    });
    hub = await HubProcess.start(folder.path, settings);
  }, 120_000);

  afterAll(async () => {
    await hub.stop();
    await vault.close();
    await remote.close();
    folder.remove();
    other.remove();
    rmSync(own, { recursive: true, force: true });
  });

  const change = (row: StrategyChange) => vault.changeStrategy("fxshinobi", "swing", row);
  const refresh = async () => (await hub.post("/api/v1/strategies/refresh", {})).body;
  const standing = () => hub.get<Strategies>("/api/v1/strategies");
  const signals = async () => (await allSignals(hub)) as Signal[];
  const vaultStatus = async (path: string) =>
    (await hub.get<{ vvault_status: string }>(path)).vvault_status;

  /** A signal of the row that is newer than all that were there before. */
  async function nextSignal(config: Partial<Config>): Promise<Signal> {
    const before = new Set((await signals()).map(({ id }) => id));
    const isNext = (one: Signal): boolean =>
      !before.has(one.id) &&
      Object.entries(config).every(([name, value]) => one.config[name as keyof Config] === value);
    return until(async () => (await signals()).find(isNext), 60_000, JSON.stringify(config));
  }

  test("runs what its rows say, on their pairs and with their limits, and nothing else", async () => {
    const signal = await nextSignal({ name: "swing", version: 1, origin: "vault" });

    expect(signal.series).toMatchObject({ pair: "BTC/USDT", timeframe: "1m" });
    expect(await vaultStatus("/api/status")).toBe("ok");
    const all = await signals();
    expect(new Set(all.map(({ series }) => series.pair))).toEqual(new Set(["BTC/USDT"]));
  });

  test("takes up a change on request, while it runs", async () => {
    await change({ params: { strategy_type: "eager", timeframe: "M1", note: "other" } });

    expect(await refresh()).toEqual({
      kind: "changed",
      started: [],
      changed: ["swing"],
      stopped: [],
    });

    await nextSignal({ name: "swing", version: 2 });
  });

  test("keeps the last good version of a row that turned bad", async () => {
    await change({ riskLimits: { max_daily_loss: 2 } });
    await refresh();

    expect((await standing()).refused).toMatchObject([{ name: "swing", version: 3, running: 2 }]);
    await nextSignal({ name: "swing", version: 2 });
  });

  test("says that the vault is away, and goes on with what it said", async () => {
    await vault.close();
    await remote.close();

    for (const path of ["/api/health", "/api/status"]) {
      await until(
        async () => (await vaultStatus(path)) === "offline",
        30_000,
        `${path} to say offline`,
      );
    }
    const { series } = await nextSignal({ name: "swing", version: 2, origin: "vault" });
    expect(series.pair).toBe("BTC/USDT");
  });

  test("starts without it on what it said last, and opens positions on that", async () => {
    await hub.stop();
    hub = await HubProcess.start(folder.path, settings);

    expect(await standing()).toMatchObject({
      origin: "memory",
      strategies: [{ config: { name: "swing", version: 2 } }],
    });
    const { verdict } = await nextSignal({ name: "swing", version: 2, origin: "memory" });
    const checks = verdict?.checks ?? [];
    expect(checks.find(({ check }) => check === "configuration-fresh")).toMatchObject({
      passed: true,
    });
  });

  test("starts without it and without a memory on its settings, and opens nothing", async () => {
    await hub.stop();
    hub = await HubProcess.start(other.path, settings);

    expect(await standing()).toMatchObject({ origin: "settings", confirmedAgeSeconds: null });
    const { verdict } = await nextSignal({ name: "eager", version: 0, origin: "settings" });
    expect(verdict?.decision).toBe("refused");
    expect(verdict?.checks.find(({ check }) => check === "configuration-fresh")).toMatchObject({
      passed: false,
    });
  });
});
