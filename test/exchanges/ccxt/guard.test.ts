import { describe, expect, test } from "vitest";
import { loadExchangeClass } from "../../../src/exchanges/ccxt/load-class.ts";
import { createCcxtMarketData } from "../../../src/exchanges/ccxt/market-data.ts";
import { rebaseUrls } from "../../../src/exchanges/ccxt/rebase-urls.ts";
import { CCXT_EXCHANGES, venueOf } from "../../../src/exchanges/ccxt/venues.ts";
import { hostRule } from "../../../src/exchanges/transport/allowed-hosts.ts";
import { createTransport } from "../../../src/exchanges/transport/transport.ts";
import { fastClock, machineClock } from "../../../src/runtime/clock.ts";
import { ManualClock } from "../../kit/manual-clock.ts";

const BASE = "http://127.0.0.1:5001";
const asked = (rule: (url: URL) => boolean, url: string) => rule(new URL(url));

describe("the rule which hosts may be called", () => {
  test("with a base address nothing else, not even another port", () => {
    const rule = hostRule(["binance.com"], BASE, undefined);
    expect(asked(rule, `${BASE}/api/v3/time`)).toBe(true);
    expect(asked(rule, "http://127.0.0.1:5002/api/v3/time")).toBe(false);
    expect(asked(rule, "https://api.binance.com/api/v3/time")).toBe(false);
    expect(asked(rule, "https://testnet.binance.vision/api/v3/time")).toBe(false);
  });

  test("without one the venue's hosts over TLS, and nobody who looks like them", () => {
    const rule = hostRule(venueOf("binance").hosts, undefined, undefined);
    expect(asked(rule, "https://api.binance.com/")).toBe(true);
    expect(asked(rule, "http://api.binance.com/")).toBe(false);
    expect(asked(rule, "https://binance.com.evil.test/")).toBe(false);
    expect(asked(rule, "https://notbinance.com/")).toBe(false);
    expect(asked(rule, "https://127.0.0.1/")).toBe(false);
  });

  test("a rule of the caller's own replaces both", () => {
    const rule = hostRule(["binance.com"], BASE, (host) => host === "sandbox.test");
    expect(asked(rule, "http://sandbox.test/")).toBe(true);
    expect(asked(rule, BASE)).toBe(false);
  });
});

describe("a client kept to loopback", () => {
  test.each(CCXT_EXCHANGES)(
    "of %s calls no real host when its address is missing",
    async (exchange) => {
      const seen: string[] = [];
      const market = await createCcxtMarketData({
        exchange,
        // Fast, since one venue lets a call through only every 1.2 s.
        clock: fastClock(50, 0),
        machineClock,
        deadlineMs: 500,
        allowHost: (host) => {
          seen.push(host);
          return host === "127.0.0.1";
        },
        random: () => 0,
      });
      await expect(market.measureClock()).rejects.toMatchObject({ fault: "permanent" });
      await expect(market.instruments()).rejects.toThrow("host not allowed");
      expect(seen).toHaveLength(2);
      expect(seen.every((host) => host.includes(exchange))).toBe(true);
      await market.close();
    },
  );

  test.each(CCXT_EXCHANGES)("every address of %s is moved to the base", async (exchange) => {
    const Exchange = await loadExchangeClass(exchange);
    const before = new Exchange({}).urls.api;
    const after = JSON.stringify(rebaseUrls(before, `${BASE}/`));
    expect(Object.keys(before as object).length).toBeGreaterThan(0);
    expect(after.replaceAll(BASE, "")).not.toMatch(/https?:/);
  });

  test("a closed transport sends nothing", async () => {
    const transport = createTransport({
      machineClock,
      deadlineMs: 100,
      mayVisit: () => true,
      maxSockets: 1,
    });
    transport.close();
    await expect(transport.fetch(BASE, {})).rejects.toThrow("closed");
  });
});

test("only plain names are loaded as exchanges", async () => {
  await expect(loadExchangeClass("../../evil")).rejects.toThrow(RangeError);
  await expect(loadExchangeClass("nosuchexchange")).rejects.toThrow("nosuchexchange");
  await expect(
    createCcxtMarketData({
      exchange: "mtgox",
      clock: new ManualClock(),
      machineClock,
      deadlineMs: 1,
      random: () => 0,
    }),
  ).rejects.toThrow("known are binance, kraken, bybit, okx");
});
