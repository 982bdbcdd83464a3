import { expect, test } from "vitest";
import { scrub } from "../../src/exchanges/scrub.ts";

test("a message keeps the address and loses its query", () => {
  const message =
    "binance GET https://api.venue.test/api/v3/account?timestamp=1&signature=ab12 503";
  expect(scrub(message)).toBe("binance GET https://api.venue.test/api/v3/account 503");
});

test("signatures and keys go wherever they stand", () => {
  const scrubbed = scrub(
    'body symbol=X&signature=ab12&apiKey=K1 {"passphrase":"p w","API-Sign": "s=="}',
  );
  expect(scrubbed).not.toMatch(/ab12|K1|p w|s==/);
  expect(scrubbed).toContain("symbol=X");
});

test("a page becomes one short line", () => {
  const scrubbed = scrub(`<html>\n${"x".repeat(5_000)}`);
  expect(scrubbed.length).toBeLessThan(300);
  expect(scrubbed).not.toContain("\n");
});
