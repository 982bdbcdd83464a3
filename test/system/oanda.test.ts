import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { settingsSchema } from "../../src/config/settings.ts";
import { AskFailure } from "../../src/runtime/ask-failure.ts";
import { machineClock } from "../../src/runtime/clock.ts";
import { Secret } from "../../src/runtime/secret.ts";
import { CloseStack } from "../../src/system/close-stack.ts";
import { EXCHANGES, Exchanges } from "../../src/system/exchanges.ts";
import { passOnRevocation } from "../../src/system/pass-on-revocation.ts";
import { Redactor } from "../../src/system/redactor.ts";
import { openSecrets, type Secrets } from "../../src/system/secrets.ts";
import type { LeaseAnswer } from "../../src/vault/lease.ts";
import { type OandaStandIn, startStandIn } from "../exchanges/oanda/stand-in.ts";
import { WEDNESDAY } from "../exchanges/oanda/world.ts";
import { ManualClock } from "../kit/manual-clock.ts";
import { NO_STEPS } from "../kit/steps.ts";

const WISH = { who: "exchanges", secret: "broker:oanda", purpose: "market-data" } as const;

let folder: string;
let stack: CloseStack;
let venue: OandaStandIn;
let clock: ManualClock;
let secrets: Secrets;
let exchanges: Exchanges;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hub-oanda-"));
  stack = new CloseStack();
  clock = new ManualClock(WEDNESDAY);
  venue = await startStandIn(clock);
  const settings = settingsSchema.parse({ dataDir: folder });
  secrets = await openSecrets({
    settings,
    environment: new Map(),
    venues: EXCHANGES,
    redactor: new Redactor(),
    stack,
  });
  exchanges = new Exchanges({
    budgetPart: "all",
    sandboxUrl: undefined,
    oandaUrl: venue.baseUrl,
    clock,
    // Leases and deadlines run on it; its hands are moved by the test as well.
    machineClock: clock,
    steps: NO_STEPS,
    deadlineMs: 5_000,
    maxSockets: 5,
    random: () => 0.5,
    onFailure: () => {},
  });
  exchanges.lendBy(() => secrets.broker.lease(WISH));
  const nobody = { find: () => undefined };
  secrets.listen((event) => passOnRevocation(event, exchanges, nobody));
});
afterEach(async () => {
  await exchanges.close();
  await stack.close();
  await venue.close();
  rmSync(folder, { recursive: true, force: true });
});

async function put(key: string, value: string): Promise<void> {
  await secrets.vault.putCredential({ key, service: "fxshinobi", value: new Secret(value) });
}

async function setUpAccount(): Promise<void> {
  await put("OANDA_API_KEY", venue.token);
  await put("OANDA_ACCOUNT_ID", venue.accountId);
}

const quotes = async (): Promise<readonly unknown[]> => {
  const market = await exchanges.open("oanda");
  return market.quotes(["EUR/USD"]);
};

describe("OANDA among the exchanges of a hub", () => {
  test("is known outside of the sandbox, and there only", () => {
    const sandboxed = new Exchanges({ ...OPTIONS, sandboxUrl: venue.baseUrl, clock });

    expect(exchanges.ids).toContain("oanda");
    expect(sandboxed.ids).toEqual(["binance"]);
  });

  test("is asked with the account that the vault holds", async () => {
    await setUpAccount();

    expect(await quotes()).toMatchObject([{ pair: "EUR/USD" }]);
  });

  test("is asked with a key that was changed at the vault as soon as the old one is revoked", async () => {
    await setUpAccount();
    const market = await exchanges.open("oanda");
    await market.quotes(["EUR/USD"]);

    venue.token = "the-next-token";
    await put("OANDA_API_KEY", "the-next-token");
    await expect(market.quotes(["EUR/USD"])).rejects.toMatchObject({ fault: "permanent" });
    await secrets.broker.refresh("broker:oanda");

    expect(await market.quotes(["EUR/USD"])).toHaveLength(1);
    expect(await exchanges.open("oanda")).toBe(market);
  });

  test("fails with one line that says what to do while no account is set up, and works once one is", async () => {
    const line = "oanda: OANDA_API_KEY is not set up: hub vault put OANDA_API_KEY";
    await expect(quotes()).rejects.toThrow(line);
    await expect(quotes()).rejects.toMatchObject({ fault: "permanent" });
    expect(venue.asked).toEqual([]);

    await setUpAccount();
    await clock.advance(5_000);

    expect(await quotes()).toHaveLength(1);
  });

  test("holds up no other exchange while it has no account", async () => {
    await expect(quotes()).rejects.toMatchObject({ fault: "permanent" });

    expect((await exchanges.reach("kraken"))?.exchange).toBe("kraken");
  });

  test.each<[string, () => Promise<LeaseAnswer>, string]>([
    ["is denied", async () => ({ kind: "denied", reason: "no rule for it" }), "permanent"],
    ["cannot be had", async () => ({ kind: "unavailable", reason: "vault away" }), "transient"],
    [
      "is lent by a sentinel that restarts",
      () => Promise.reject(new AskFailure("actor-stopped", "no such actor")),
      "transient",
    ],
  ])("fails when its account %s", async (_how, ask, fault) => {
    exchanges.lendBy(ask);

    await expect(quotes()).rejects.toMatchObject({ fault });
  });

  test("cannot be asked before anybody lends an account, and can afterwards", async () => {
    const early = new Exchanges({ ...OPTIONS, sandboxUrl: undefined, clock });
    const market = await early.open("oanda");

    await expect(market.instruments()).rejects.toMatchObject({ fault: "transient" });
    await early.close();
  });
});

const OPTIONS = {
  budgetPart: "all" as const,
  machineClock,
  steps: NO_STEPS,
  deadlineMs: 5_000,
  maxSockets: 5,
  random: () => 0.5,
  onFailure: () => {},
};
