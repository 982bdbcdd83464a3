import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { oandaAccount } from "../../../src/exchanges/oanda/account.ts";
import { OANDA_HOSTS, OandaClient } from "../../../src/exchanges/oanda/client.ts";
import { TransportError } from "../../../src/exchanges/transport/errors.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { accountOf, type OandaWorld, openWorld } from "./world.ts";

let world: OandaWorld;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const instruments = (): Promise<unknown> => world.market.instruments({ fresh: true });

describe("the account that OANDA is asked with", () => {
  test("is in every request, and its id in no address that can do without", async () => {
    const { venue, market } = world;
    await market.candles({ pair: "EUR/USD", timeframe: "1m", limit: 1 });
    await market.quotes(["EUR/USD"]);

    expect(venue.asked.map(({ headers }) => headers.authorization)).toEqual(
      venue.asked.map(() => `Bearer ${venue.token}`),
    );
    expect(venue.asked.map(({ path }) => path)).toEqual([
      `/v3/accounts/${venue.accountId}/instruments`,
      "/v3/instruments/EUR_USD/candles",
      `/v3/accounts/${venue.accountId}/pricing`,
    ]);
  });

  test("may change: the next request goes with the new key, without opening anew", async () => {
    const { venue, market } = world;
    await market.quotes(["EUR/USD"]);

    venue.token = "another-token";

    expect(await market.quotes(["EUR/USD"])).toHaveLength(1);
  });

  test("is refused for good with a wrong key, which is named and not shown", async () => {
    const { venue, account } = world;
    account.current = () => accountOf({ ...venue, token: "wrong-token" });

    const failure = instruments();

    await expect(failure).rejects.toMatchObject({
      fault: "permanent",
      message: expect.stringContaining("OANDA_API_KEY is not accepted") as string,
    });
    await expect(failure).rejects.not.toThrow("wrong-token");
  });

  test("is refused for good with a wrong account id, which is named and not shown", async () => {
    const { venue, account } = world;
    account.current = () => accountOf({ ...venue, accountId: "101-000" });

    const failure = instruments();

    await expect(failure).rejects.toMatchObject({
      fault: "permanent",
      message: expect.stringContaining("OANDA_ACCOUNT_ID is not known") as string,
    });
    await expect(failure).rejects.not.toThrow("101-000");
  });

  test.each(["a key", "k\r\nx-other: 1", "schlüssel"])(
    "is refused with a key that no header can carry, before anything is sent",
    async (token) => {
      const { venue, account } = world;
      account.current = () => accountOf({ ...venue, token });

      await expect(instruments()).rejects.toMatchObject({
        fault: "permanent",
        message: expect.stringContaining("OANDA_API_KEY") as string,
      });
      expect(venue.asked).toEqual([]);
    },
  );

  test("cannot lead to another path by its id", async () => {
    const { venue, account } = world;
    account.current = () => accountOf({ ...venue, accountId: "../instruments/EUR_USD" });

    await expect(instruments()).rejects.toMatchObject({ fault: "permanent" });
    expect(venue.asked[0]?.path).toBe("/v3/accounts/..%2Finstruments%2FEUR_USD/instruments");
  });

  test("may become void between loan and use: that passes", async () => {
    const { account, venue } = world;
    const taken = accountOf(venue);
    taken.apiKey.destroy();
    account.current = () => taken;

    await expect(instruments()).rejects.toMatchObject({ fault: "transient" });
    expect(venue.asked).toEqual([]);
  });

  test("is of one of two worlds, each with its own address", async () => {
    const addresses: string[] = [];
    const transport = {
      fetch: async (url: string): Promise<never> => {
        addresses.push(url);
        throw new TransportError("not sent");
      },
      close: () => {},
    };
    for (const environment of ["practice", "live"] as const) {
      const account = async () => ({ ...accountOf(world.venue), environment });
      const client = new OandaClient({ account, transport, baseUrl: undefined });
      await expect(client.get({ path: "accounts", ofAccount: false })).rejects.toThrow("not sent");
    }

    expect(addresses).toEqual([
      "https://api-fxpractice.oanda.com/v3/accounts",
      "https://api-fxtrade.oanda.com/v3/accounts",
    ]);
    expect(OANDA_HOSTS).toEqual(addresses.map((address) => new URL(address).hostname));
  });
});

describe("an account made of the parts of a secret", () => {
  const parts = (environment?: string) => ({
    apiKey: new Secret("key"),
    accountId: new Secret("id"),
    ...(environment === undefined ? {} : { environment: new Secret(environment) }),
  });

  test.each([
    [undefined, "practice"],
    ["practice", "practice"],
    ["demo", "practice"],
    [" Demo ", "practice"],
    ["live", "live"],
    ["LIVE", "live"],
  ])("with the word %j is one for %s", (word, environment) => {
    expect(oandaAccount(parts(word)).environment).toBe(environment);
  });

  test.each(["real", "production", "livee", "constructor", "key-pasted-here"])(
    "is refused with any other word, such as %j, which is not shown",
    (word) => {
      const make = (): unknown => oandaAccount(parts(word));

      expect(make).toThrow("OANDA_ENVIRONMENT says neither practice, demo nor live");
      expect(make).not.toThrow(word);
    },
  );

  test("is refused without its key or its id, by their names", () => {
    const { apiKey, accountId } = parts();

    expect(() => oandaAccount({ accountId })).toThrow(
      "OANDA_API_KEY is not set up: hub vault put OANDA_API_KEY",
    );
    expect(() => oandaAccount({ apiKey })).toThrow("OANDA_ACCOUNT_ID is not set up");
  });
});
