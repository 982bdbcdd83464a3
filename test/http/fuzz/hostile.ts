import { gzipSync } from "node:zlib";
import fc from "fast-check";

/** Text that has broken parsers, templates, queries and logs before. */
const WORDS: readonly string[] = [
  "",
  " ",
  "null",
  "undefined",
  "NaN",
  "Infinity",
  "-0",
  "-1",
  "0x10",
  "1e400",
  "1e-400",
  "9007199254740993",
  "99999999999999999999999999",
  "true",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "../../../etc/passwd",
  "..%2f..%2f",
  "';drop table hub.candles;--",
  '"><script>alert(1)</script>',
  "{{7*7}}",
  "${7*7}",
  "%00",
  "\u0000",
  "\r\nx-injected: yes",
  "\u202Etxt.exe",
  "e\u0301\u0301\u0301",
  "\uD800",
  "\uFFFD\uFEFF",
  "👩‍👩‍👧‍👦".repeat(50),
  "🅱️TC/USDT",
  "ſı",
  "a".repeat(5_000),
  "2026-02-30T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
];

/** What no well-meaning client puts into an address, percent signs and all. */
const PIECES: readonly string[] = [
  "%",
  "%zz",
  "%c0%af",
  "%ed%a0%80",
  "%ff%fe",
  "%00",
  "%0d%0a",
  "%2e%2e%2f",
  "[]",
  "[a][b]",
  "&",
  "&limit=1&limit=2",
  "#x",
  "?",
  "+",
  ";",
];

const hostileWord: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.double().map(String),
  fc.bigInt().map(String),
);

/** A word as it may stand in an address: encoded, or with a broken piece in it. */
export const hostilePart: fc.Arbitrary<string> = fc.oneof(
  hostileWord.map(encode),
  fc.tuple(fc.constantFrom(...PIECES), hostileWord.map(encode)).map(([a, b]) => a + b),
);

/** Lone surrogates have no encoding of their own. */
function encode(word: string): string {
  return encodeURIComponent(word.replaceAll(/\p{Surrogate}/gu, "\uFFFD"));
}

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileWord,
  fc.constantFrom(null, true, 0, -1, 1.5, Number.MAX_VALUE, 2 ** 53 + 2, [], {}, [[]], [null]),
  fc.jsonValue({ maxDepth: 3 }),
);

const NESTED = 20_000;

/** Bodies that are no JSON, or too much of it; none is larger than a client may send by mistake. */
export const hostileBody: fc.Arbitrary<{ readonly body: Buffer; readonly encoding?: string }> =
  fc.oneof(
    fc
      .constantFrom(
        "",
        "{",
        "null",
        "[]",
        '"text"',
        "1e999",
        '{"a":1}}',
        '{"reason":1e999}',
        '{"__proto__":{"role":"admin"}}',
        '{"reason":"a","reason":"b"}',
        "[".repeat(NESTED),
        `${'{"a":'.repeat(NESTED / 2)}1${"}".repeat(NESTED / 2)}`,
        `{"reason":"${"x".repeat(70_000)}"}`,
        "\uFEFF{}",
      )
      .map((text) => ({ body: Buffer.from(text) })),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ body: Buffer.from(bytes) })),
    fc.constantFrom("gzip", "deflate", "br", "zstd").map((encoding) => ({
      // A megabyte that says nothing, in a kilobyte.
      body: gzipSync(Buffer.alloc(1_000_000, " ")),
      encoding,
    })),
  );

export const hostileType: fc.Arbitrary<string> = fc.constantFrom(
  "application/json",
  "application/json; charset=utf-7",
  "application/json; charset=utf-16le",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "application/json, application/json",
  ";",
);

/** Headers that must not change who somebody is or where a request goes. */
export const hostileHeader: fc.Arbitrary<readonly [string, string]> = fc.constantFrom(
  ["x-forwarded-for", "8.8.8.8"],
  ["x-forwarded-proto", "https"],
  ["x-original-url", "/api/v1/tokens"],
  ["x-http-method-override", "DELETE"],
  ["x-request-id", "a".repeat(200)],
  ["x-request-id", "<script>"],
  ["idempotency-key", "k".repeat(300)],
  ["idempotency-key", "é"],
  ["last-event-id", "-1"],
  ["last-event-id", "0.1"],
  ["last-event-id", "9".repeat(30)],
  ["if-none-match", '"'.repeat(50)],
  ["range", "bytes=0-0,1-1"],
  ["accept", "*/*;q=x"],
  ["accept-encoding", "\t"],
  ["origin", "null"],
  ["cookie", "a=".repeat(500)],
  ["expect", "100-continue"],
  ["content-length", "-1"],
  ["transfer-encoding", "chunked, identity"],
);
