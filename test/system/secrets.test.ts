import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sortVariables } from "../../src/config/env.ts";
import { settingsSchema } from "../../src/config/settings.ts";
import type { HubEvent } from "../../src/market/events.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { Secret } from "../../src/runtime/secret.ts";
import { CloseStack } from "../../src/system/close-stack.ts";
import { Redactor } from "../../src/system/redactor.ts";
import { openSecrets, type Secrets } from "../../src/system/secrets.ts";
import { storeKey } from "../../src/system/store-key.ts";
import { vaultView } from "../../src/system/vault-view.ts";
import { VaultBox } from "../../src/vault/embedded/box.ts";
import { type EmbeddedVault, startEmbeddedVault } from "../../src/vault/embedded/start.ts";
import type { LeaseAnswer } from "../../src/vault/lease.ts";

const TRADER = { who: "trader", secret: "broker:oanda", purpose: "orders" } as const;
const KEYS = { OANDA_API_KEY: "first-key", OANDA_ACCOUNT_ID: "101-004" };

let folder: string;
let stacks: CloseStack[];
let warnings: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-secrets-"));
  stacks = [];
  warnings = [];
});

afterEach(async () => {
  for (const stack of stacks) await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  changes: object = {},
  variables: Readonly<Record<string, string>> = {},
  redactor = new Redactor(),
): Promise<Secrets> {
  const stack = new CloseStack();
  stacks.push(stack);
  const settings = settingsSchema.parse({ dataDir: join(folder, "data"), ...changes });
  const environment = sortVariables(variables).secrets;
  const venues = ["binance", "oanda"];
  const warn = (line: string): void => void warnings.push(line);
  return openSecrets({ settings, environment, venues, redactor, warn, stack });
}

const closeAll = async (): Promise<void> => {
  for (const stack of stacks.splice(0)) await stack.close();
};

const apiKey = (answer: LeaseAnswer): string =>
  answer.kind === "granted"
    ? (answer.lease.parts["apiKey"]?.use((text) => text) ?? "")
    : answer.kind;

async function put({ vault }: Pick<Secrets, "vault">, keys: Readonly<Record<string, string>>) {
  for (const [key, value] of Object.entries(keys)) {
    await vault.putCredential({ key, service: "fxshinobi", value: new Secret(value) });
  }
}

describe("a hub without another vault", () => {
  test("lends from its own, to whom the rules name and to nobody else", async () => {
    const secrets = await open();
    await put(secrets, KEYS);

    expect(apiKey(await secrets.broker.lease(TRADER))).toBe("first-key");
    const harvester = {
      who: "commander/harvesters/harvester:oanda",
      secret: "broker:oanda",
      purpose: "market-data",
    } as const;
    expect(apiKey(await secrets.broker.lease(harvester))).toBe("first-key");
    for (const change of [
      { who: "commander/harvesters/harvester:binance" },
      { who: "gatekeeper" },
      { purpose: "orders" },
      { secret: "store" },
    ] as const) {
      expect((await secrets.broker.lease({ ...harvester, ...change })).kind).toBe("denied");
    }
    expect(secrets.ledger.newest(9).map(({ event }) => event)).toEqual([
      "denied",
      "denied",
      "denied",
      "denied",
      "granted",
      "granted",
    ]);
  });

  test("goes on with its ledger at the next start", async () => {
    const first = await open();
    await first.broker.lease(TRADER);
    const { head, id } = first.ledger;
    await closeAll();

    const second = await open();

    expect(second.ledger).toMatchObject({ head, id });
  });

  test("names no vault to Chatty while its own serves, and shows which accounts are set up", async () => {
    const secrets = await open();
    await put(secrets, { ...KEYS, OANDA_ENVIRONMENT: "live" });
    const view = vaultView(secrets);
    expect(view.standing("oanda")).toBeUndefined();

    await secrets.census.refresh();

    expect(view.status()).toBe("not_configured");
    expect(view.standing("oanda")).toEqual({
      secret: "broker:oanda",
      state: "set-up",
      origin: "vault",
      environment: "live",
    });
    expect(view.standing("binance")).toEqual({ secret: "broker:binance", state: "absent" });
    // A census lends nothing.
    expect(view.ledger(9)).toEqual([]);
  });

  test("finds in the environment what the vault does not have", async () => {
    const secrets = await open({}, { BINANCE_API_KEY: "from-env", BINANCE_API_SECRET: "s" });

    const answer = await secrets.broker.lease({ ...TRADER, secret: "broker:binance" });

    expect(apiKey(answer)).toBe("from-env");
  });
});

describe("a hub with another vault", () => {
  let remote: EmbeddedVault;
  let events: HubEvent[];

  beforeEach(async () => {
    const key = { kind: "file", path: join(folder, "remote.key") } as const;
    remote = await startEmbeddedVault(
      await VaultBox.open(join(folder, "remote"), key),
      machineClock,
    );
    events = [];
  });

  const close = async (): Promise<void> => {
    await remote.close();
  };

  afterEach(close);

  const openRemote = async (): Promise<Secrets> => {
    const secrets = await open({ vvaultUrl: remote.url, vvaultServiceToken: remote.token });
    secrets.listen((event) => void events.push(event));
    return secrets;
  };

  test("lends what it was given last when that is away at the next start, and says so", async () => {
    const before = await openRemote();
    await put(before, KEYS);
    await before.broker.lease(TRADER);
    expect(vaultView(before).status()).toBe("ok");
    await closeAll();
    await close();

    const after = await openRemote();
    const answer = await after.broker.lease(TRADER);

    expect(apiKey(answer)).toBe("first-key");
    expect(answer).toMatchObject({ lease: { origin: "memory" } });
    expect(vaultView(after).status()).toBe("offline");
    expect(events).toMatchObject([{ kind: "vault-changed", state: "offline" }]);
  });

  test("remembers no more what the vault says is gone", async () => {
    const before = await openRemote();
    await put(before, { "broker:oanda": '{"api_key":"k","account_id":"a"}' });
    await before.broker.lease(TRADER);
    // The API cannot remove a credential; one that is no account any more is none.
    await put(before, { "broker:oanda": "{}" });
    await before.broker.refresh("broker:oanda");
    expect(events).toMatchObject([{ kind: "secret-revoked", secret: "broker:oanda" }]);
    await closeAll();
    await close();

    const after = await openRemote();

    expect((await after.broker.lease(TRADER)).kind).toBe("unavailable");
  });

  test("lends although what it was given cannot be remembered, and says so", async () => {
    const secrets = await openRemote();
    await put(secrets, KEYS);
    const { broker, census } = secrets;
    // Somebody holds the sealed file: a live process that is not this one.
    const lock = join(folder, "data/vault/vault.sealed.lock");
    writeFileSync(lock, "1");
    const holding = setInterval(() => writeFileSync(lock, "1"), 1_000);
    try {
      expect(apiKey(await broker.lease(TRADER))).toBe("first-key");
      await census.refresh();
    } finally {
      clearInterval(holding);
      rmSync(lock, { force: true });
    }
    expect(warnings.join()).toMatch(/broker:oanda cannot be remembered: process 1 is writing/);
  });

  test("starts while it is away, and knows nothing then", async () => {
    await close();
    const secrets = await openRemote();

    await secrets.census.refresh();

    expect(vaultView(secrets).standing("oanda")).toMatchObject({ state: "unknown" });
    expect((await secrets.broker.lease(TRADER)).kind).toBe("unavailable");
  });
});

describe("what is lent", () => {
  test("is known to the redactor before anybody has it, and stays so after a change", async () => {
    const redactor = new Redactor();
    const secrets = await open({}, {}, redactor);
    await put(secrets, KEYS);
    await secrets.broker.lease(TRADER);
    await put(secrets, { OANDA_API_KEY: "second-key" });
    await secrets.broker.refresh("broker:oanda");

    expect(redactor.redact("first-key, second-key, 101-004")).toBe(
      "<redacted>, <redacted>, <redacted>",
    );
  });
});

describe("the key of the store", () => {
  const supabaseUrl = "https://project.test";

  test("is asked for only when a project is named without it", async () => {
    const { broker } = await open();

    expect(await storeKey({ supabaseUrl: undefined, supabaseKey: undefined }, broker)).toBe(
      undefined,
    );
    const supabaseKey = new Secret("set");
    expect(await storeKey({ supabaseUrl, supabaseKey }, broker)).toBe(supabaseKey);
    await expect(storeKey({ supabaseUrl, supabaseKey: undefined }, broker)).rejects.toThrow(
      "setting SUPABASE_URL: needs its key, and the vault has no credential SUPABASE_KEY",
    );
  });

  test("comes from the vault", async () => {
    const secrets = await open();
    await put(secrets, { SUPABASE_KEY: "sb_secret" });

    const key = await storeKey({ supabaseUrl, supabaseKey: undefined }, secrets.broker);

    secrets.broker.close(); // the store is open for longer than anything is lent
    expect(key?.use((text) => text)).toBe("sb_secret");
    expect(secrets.ledger.newest(1)).toMatchObject([{ who: "architect", secret: "store" }]);
  });
});
