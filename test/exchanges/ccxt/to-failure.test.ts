import { describe, expect, test } from "vitest";
import { checkAnswers } from "../../../src/exchanges/ccxt/errors/check-answers.ts";
import { toFailure } from "../../../src/exchanges/ccxt/errors/to-failure.ts";
import { openClient } from "../../../src/exchanges/ccxt/open-client.ts";
import { venueOf } from "../../../src/exchanges/ccxt/venues.ts";
import { HostNotAllowed, TransportError } from "../../../src/exchanges/transport/errors.ts";

const NOW = Date.UTC(2026, 0, 1);
const noNetwork = {
  fetch: () => Promise.reject(new Error("no network here")),
  close: () => undefined,
};

/** What ccxt and our check make of an answer to a read, or to an order. */
async function failureOf(
  exchange: string,
  status: number,
  body: string,
  kind: "read" | "order" = "read",
  headers: Record<string, string> = {},
) {
  const venue = venueOf(exchange);
  const client = await openClient(venue, noNetwork, { deadlineMs: 1, exchangeNowMs: () => NOW });
  const parsed: unknown = body.startsWith("{") ? JSON.parse(body) : undefined;
  const url = "https://venue.test/api/v3/order?symbol=BTCUSDT&signature=abc";
  try {
    client.handleErrors(status, "Reason", url, "GET", headers, body, parsed, {}, undefined);
    return undefined;
  } catch (thrown) {
    return toFailure(venue, kind, NOW, thrown);
  }
}

describe("the meaning of an answer", () => {
  test.each([
    // binance
    ["binance", 400, '{"code":-1121,"msg":"Invalid symbol."}', "permanent"],
    ["binance", 400, '{"code":-1120,"msg":"Invalid interval."}', "permanent"],
    ["binance", 401, '{"code":-2015,"msg":"Invalid API-key, IP, or permissions."}', "permanent"],
    [
      "binance",
      400,
      '{"code":-1022,"msg":"Signature for this request is not valid."}',
      "permanent",
    ],
    ["binance", 400, '{"code":-1021,"msg":"Timestamp outside of recvWindow."}', "transient"],
    ["binance", 503, '{"code":-1008,"msg":"Server is currently overloaded."}', "transient"],
    ["binance", 400, '{"code":-1000,"msg":"An unknown error occurred."}', "transient"],
    ["binance", 400, '{"code":-1003,"msg":"Too many requests."}', "banned"],
    ["binance", 429, '{"code":-1003,"msg":"Too many requests."}', "banned"],
    ["binance", 403, "<html>blocked</html>", "banned"],
    ["binance", 451, '{"code":0,"msg":"restricted location"}', "permanent"],
    ["binance", 404, "<html>nothing here</html>", "permanent"],
    ["binance", 500, "<html>oops</html>", "transient"],
    ["binance", 408, "", "transient"],
    // kraken answers errors with status 200
    ["kraken", 200, '{"error":["EGeneral:Too many requests"]}', "banned"],
    ["kraken", 200, '{"error":["EAPI:Rate limit exceeded"]}', "banned"],
    ["kraken", 200, '{"error":["EService:Unavailable"]}', "transient"],
    ["kraken", 200, '{"error":["EService:Busy"]}', "transient"],
    ["kraken", 200, '{"error":["EGeneral:Internal error"]}', "transient"],
    ["kraken", 200, '{"error":["EQuery:Unknown asset pair"]}', "permanent"],
    ["kraken", 200, '{"error":["EAPI:Invalid key"]}', "permanent"],
    ["kraken", 520, "", "transient"],
    // bybit
    ["bybit", 200, '{"retCode":10006,"retMsg":"Too many visits!","result":{}}', "banned"],
    ["bybit", 200, '{"retCode":10001,"retMsg":"symbol params err","result":{}}', "permanent"],
    ["bybit", 200, '{"retCode":10016,"retMsg":"Internal server error","result":{}}', "transient"],
    // okx
    ["okx", 429, '{"code":"50011","msg":"Too Many Requests","data":[]}', "banned"],
    ["okx", 200, '{"code":"50011","msg":"Rate limit reached","data":[]}', "banned"],
    ["okx", 200, '{"code":"51001","msg":"Instrument ID does not exist","data":[]}', "permanent"],
    ["okx", 200, '{"code":"50013","msg":"System is busy","data":[]}', "transient"],
  ])("%s answering %i %s is %s", async (exchange, status, body, fault) => {
    expect(await failureOf(exchange, status, body)).toMatchObject({ exchange, fault });
  });

  test("counts a ban from Retry-After, on the hub's clock", async () => {
    const failure = await failureOf("binance", 429, "{}", "read", { "Retry-After": "17" });
    expect(failure?.untilMs).toBe(NOW + 17_000);
    const unreadable = await failureOf("binance", 429, "{}", "read", { "Retry-After": "soon" });
    expect(unreadable?.untilMs).toBe(NOW + 60_000);
  });

  test("an order may have been done when nobody said that it was not", async () => {
    const fault = async (status: number, body: string) =>
      (await failureOf("binance", status, body, "order"))?.fault;
    expect(await fault(503, "<html></html>")).toBe("unknown-outcome");
    expect(await fault(504, '{"code":-1007,"msg":"Timeout waiting for response"}')).toBe(
      "unknown-outcome",
    );
    expect(await fault(400, '{"code":-1013,"msg":"Filter failure: LOT_SIZE"}')).toBe("permanent");
    expect(await fault(400, '{"code":-2010,"msg":"Account has insufficient balance."}')).toBe(
      "permanent",
    );
    expect(await fault(429, "{}")).toBe("banned");
  });

  test("an order that never left was certainly not done", () => {
    const venue = venueOf("binance");
    const lost = new TransportError("connection failed: ECONNRESET");
    const refused = new TransportError("connection failed: ECONNREFUSED", { neverSent: true });
    expect(toFailure(venue, "order", NOW, lost).fault).toBe("unknown-outcome");
    expect(toFailure(venue, "order", NOW, refused).fault).toBe("transient");
    expect(toFailure(venue, "order", NOW, new HostNotAllowed("x")).fault).toBe("permanent");
    expect(toFailure(venue, "order", NOW, new TypeError("x of undefined")).fault).toBe(
      "unknown-outcome",
    );
  });

  test("carries neither a query nor the original error", async () => {
    const failure = await failureOf("binance", 503, "<html></html>");
    expect(failure?.message).not.toContain("signature");
    expect(failure?.cause).toBeUndefined();
  });

  test("a good answer stays one", () => {
    const check = checkAnswers(venueOf("binance"), () => undefined);
    const url = "https://venue.test/api/v3/time";
    expect(() => check(200, "OK", url, "GET", {}, "{}", {}, {}, undefined)).not.toThrow();
  });
});
