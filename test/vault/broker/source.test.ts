import { describe, expect, test } from "vitest";
import { sortVariables } from "../../../src/config/env.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { shapeOf } from "../../../src/vault/broker/names.ts";
import { type Found, findSecret, type Unavailable } from "../../../src/vault/broker/source.ts";
import { VaultFailure } from "../../../src/vault/errors.ts";
import type { Credential, Vault } from "../../../src/vault/port.ts";

const AWAY = new VaultFailure("offline", "vault credentials: no answer");

/** A vault of which only credentials are asked. */
function vaultWith(values: Readonly<Record<string, string>>, isAway = false): Vault {
  const credential = async (key: string): Promise<Credential | undefined> => {
    await Promise.resolve();
    if (isAway) throw AWAY;
    const value = values[key];
    if (value === undefined) return undefined;
    return { key, service: "fxshinobi", value: new Secret(value), metadata: {}, version: "1" };
  };
  return { credential } as Partial<Vault> as Vault;
}

function plain(found: Found | Unavailable | undefined): unknown {
  if (found === undefined || "unavailable" in found) return found;
  const parts = Object.entries(found.parts).map(([part, value]) => [
    part,
    value.use((text) => text),
  ]);
  return { ...Object.fromEntries(parts), origin: found.origin };
}

const SINGLE = { OANDA_API_KEY: "k", OANDA_ACCOUNT_ID: "a", OANDA_ENVIRONMENT: "practice" };
const TOGETHER = { "broker:oanda": '{"api_key":"K","account_id":"A","environment":"demo"}' };
const ENVIRONMENT = { OANDA_API_KEY: "ek", OANDA_ACCOUNT_ID: "ea" };
const PRACTICE = { ...ENVIRONMENT, OANDA_ENVIRONMENT: "practice" };

const sources = (vault: Vault, variables: Readonly<Record<string, string>> = {}) => ({
  vault,
  environment: sortVariables(variables).secrets,
});

describe("a secret", () => {
  test.each([
    [
      "by single keys over all else",
      { ...SINGLE, ...TOGETHER },
      ENVIRONMENT,
      { apiKey: "k", accountId: "a", environment: "practice", origin: "vault" },
    ],
    [
      "by the one text when a single key is missing",
      { OANDA_API_KEY: "k", ...TOGETHER },
      ENVIRONMENT,
      { apiKey: "K", accountId: "A", environment: "demo", origin: "vault" },
    ],
    [
      "in the environment when the vault has none",
      {},
      ENVIRONMENT,
      { apiKey: "ek", accountId: "ea", origin: "environment" },
    ],
    [
      "in the environment with the parts that may be left out",
      {},
      PRACTICE,
      { apiKey: "ek", accountId: "ea", environment: "practice", origin: "environment" },
    ],
    [
      "nowhere when nobody has all of it",
      { OANDA_API_KEY: "k" },
      { OANDA_API_KEY: "ek" },
      undefined,
    ],
    ["nowhere when the one text is none", { "broker:oanda": "not JSON" }, {}, undefined],
    [
      "nowhere when the one text lacks a part",
      { "broker:oanda": '{"api_key":"K"}' },
      {},
      undefined,
    ],
  ])("is found %s", async (_where, values, environment, expected) => {
    const found = await findSecret(sources(vaultWith(values), environment), "broker:oanda");

    expect(plain(found)).toEqual(expected);
  });

  test.each([
    [
      "exchange:kraken",
      { KRAKEN_API_KEY: "k", KRAKEN_API_SECRET: "s" },
      { apiKey: "k", apiSecret: "s" },
    ],
    [
      "exchange:okx",
      { OKX_API_KEY: "k", OKX_API_SECRET: "s", OKX_PASSWORD: "p" },
      { apiKey: "k", apiSecret: "s", password: "p" },
    ],
    [
      "exchange:binance",
      { "broker:binance": '{"api_key":"k","secret_key":"s"}' },
      { apiKey: "k", apiSecret: "s" },
    ],
    ["store", { SUPABASE_KEY: "k" }, { key: "k" }],
  ] as const)("named %s has the parts of its kind", async (name, values, expected) => {
    const found = await findSecret(sources(vaultWith(values)), name);

    expect(plain(found)).toEqual({ ...expected, origin: "vault" });
  });

  test("stays in the environment when one who borrowed it destroys it", async () => {
    const { environment, ...others } = sources(vaultWith({}), ENVIRONMENT);
    const found = await findSecret({ ...others, environment }, "broker:oanda");
    if (found === undefined || "unavailable" in found) throw new Error("it is there");

    for (const part of Object.values(found.parts)) part.destroy();

    expect(environment.get("OANDA_API_KEY")?.use((text) => text)).toBe("ek");
  });

  test.each(["store", "broker:oanda", "exchange:binance", "exchange:okx"] as const)(
    "named %s is taken out of the environment under every name that it has there",
    (name) => {
      const names = Object.values(shapeOf(name).keys);
      const { secrets, text } = sortVariables(
        Object.fromEntries(names.map((variable) => [variable, "value"])),
      );

      expect([...secrets.keys()]).toEqual(names);
      expect(text).toEqual({});
    },
  );

  test("is taken from the environment while the vault is away, and else is unavailable", async () => {
    const away = vaultWith(SINGLE, true);

    const lent = await findSecret(sources(away, ENVIRONMENT), "broker:oanda");
    const none = await findSecret(sources(away), "broker:oanda");

    expect(plain(lent)).toMatchObject({ apiKey: "ek" });
    expect(none).toEqual({ unavailable: AWAY.message });
  });
});
