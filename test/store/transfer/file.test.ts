import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { lineOf } from "../../../src/store/transfer/format.ts";
import { checkExport, readExport } from "../../../src/store/transfer/read-file.ts";
import { TransferRefusal } from "../../../src/store/transfer/refusal.ts";
import { writeFileOf, writeStreamOf } from "../../../src/store/transfer/write-file.ts";
import { folder } from "./folder.ts";
import { reseal } from "./reseal.ts";

const file = folder();
const TEXTS = ["plain", 'a "quoted"\nand broken one', "\u2028 \\ é", "", "0"];

/** A small export without a database. */
function write(path: string, pack: boolean): void {
  const rows = Array.from({ length: 300 }, (_, i) => [TEXTS[i % TEXTS.length] ?? "", `${i}`, null]);
  const table = { table: "hub.facts", columns: ["a", "b", "c"], last: null };
  const lines = [
    lineOf({
      format: "trading-hub-export",
      formatVersion: 1,
      schemaVersion: "20261101000000",
      exportedAt: "2026-01-05T00:00:00.000Z",
      road: "embedded",
    }),
    lineOf(table),
    ...rows.map(lineOf),
    lineOf({ ...table, table: "hub.halts", last: "7" }),
    lineOf({ rows: { "hub.facts": rows.length, "hub.halts": 0 }, sha256: "" }),
  ];
  writeFileSync(path, lines.join(""));
  reseal(path, path, (same) => same);
  if (pack) writeFileSync(path, gzipSync(readFileSync(path)));
}

beforeAll(() => {
  write(file("whole.jsonl"), false);
  write(file("whole.gz"), true);
});

async function check(bytes: Buffer | string) {
  writeFileSync(file("other"), bytes);
  return checkExport(file("other"));
}

describe("an export file", () => {
  test.each(["whole.jsonl", "whole.gz"])("is read when it is whole: %s", async (name) => {
    const { head, trailer } = await checkExport(file(name));

    expect(head.schemaVersion).toBe("20261101000000");
    expect(trailer.rows).toEqual({ "hub.facts": 300, "hub.halts": 0 });
  });

  test("is packed or not by its content, whatever its name", async () => {
    await expect(check(readFileSync(file("whole.gz")))).resolves.toBeDefined();
  });

  test("gives every row as it was", async () => {
    const rows: unknown[] = [];
    for await (const part of readExport(file("whole.gz"))) {
      if (part.kind === "rows") rows.push(...part.rows);
    }

    expect(rows).toHaveLength(300);
    expect(rows.slice(0, 3)).toEqual(TEXTS.slice(0, 3).map((text, i) => [text, `${i}`, null]));
  });

  test("is refused when it is cut off, wherever", async () => {
    for (const name of ["whole.jsonl", "whole.gz"]) {
      const bytes = readFileSync(file(name));
      const cut = fc.nat(bytes.length - 1);
      await fc.assert(
        fc.asyncProperty(cut, async (length) => {
          await expect(check(bytes.subarray(0, length))).rejects.toThrow(/^\S+other [^\n]+$/);
        }),
      );
    }
  });

  test("is refused when a bit of it is flipped, whichever", async () => {
    for (const name of ["whole.jsonl", "whole.gz"]) {
      const bytes = readFileSync(file(name));
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
          const flipped = Buffer.from(bytes);
          flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
          const isRefused = await check(flipped).then(
            () => false,
            (error: unknown) => error instanceof TransferRefusal,
          );
          // A packed file has bytes that say nothing, such as the time it was packed.
          expect(isRefused || unpacked(flipped).equals(unpacked(bytes))).toBe(true);
        }),
      );
    }
  });

  test.each([
    ["empty", "", /other is empty$/],
    ["something else", "hello\n", /other is not an export of the hub$/],
    ["JSON of somebody else", '{"format":"dump"}\n', /other is not an export of the hub$/],
    ["a later format", '{"format":"trading-hub-export","formatVersion":2}\n', /format version 2/],
    ["no head at all", "[]\n", /other is not an export of the hub$/],
    ["packed nonsense", gzipSync("hello"), /other is not an export of the hub$/],
  ])("is refused in one line when it is %s", async (_what, bytes, line) => {
    await expect(check(bytes)).rejects.toThrow(line);
  });

  test.each<[string, (lines: readonly string[]) => readonly string[], RegExp]>([
    ["a row too short", (lines) => lines.with(7, '["a","b"]'), /is damaged: line 8 /],
    ["a number in a row", (lines) => lines.with(7, '["a",1,null]'), /is damaged: line 8 /],
    ["a row before any table", (lines) => lines.toSpliced(1, 0, '["a"]'), /is damaged: line 2 /],
    ["a table twice", (lines) => [...lines, lines[1] ?? ""], /is damaged: line 304 /],
    ["a row less than it says", (lines) => lines.toSpliced(9, 1), /is damaged: line 303 /],
  ])("is refused for %s, however well it is sealed", async (_what, change, line) => {
    reseal(file("whole.jsonl"), file("forged"), change);

    await expect(checkExport(file("forged"))).rejects.toThrow(line);
  });

  test("is refused when something stands behind its end", async () => {
    const whole = readFileSync(file("whole.jsonl"));

    const longer = check(Buffer.concat([whole, Buffer.from("\n")]));
    await expect(longer).rejects.toThrow(/goes on behind its last line$/);
    const twice = check(Buffer.concat([gzipSync(whole), gzipSync(whole)]));
    await expect(twice).rejects.toThrow(/goes on behind its last line$/);
  });

  test("is refused in one line when it cannot be read", async () => {
    mkdirSync(file("folder"));

    await expect(checkExport(file("nowhere"))).rejects.toThrow(/nowhere cannot be read: ENOENT/);
    await expect(checkExport(file("folder"))).rejects.toThrow(/folder cannot be read: EISDIR/);
  });
});

describe("writing an export", () => {
  async function* lines(failure?: Error): AsyncGenerator<string> {
    yield "one\n";
    if (failure !== undefined) throw failure;
    yield "two\n";
  }

  test("makes a file for its owner alone, packed when the name says so", async () => {
    await writeFileOf(file("a.jsonl"), lines());
    await writeFileOf(file("a.jsonl.gz"), lines());

    expect(readFileSync(file("a.jsonl"), "utf8")).toBe("one\ntwo\n");
    expect(gunzipSync(readFileSync(file("a.jsonl.gz"))).toString()).toBe("one\ntwo\n");
    expect(statSync(file("a.jsonl.gz")).mode & 0o777).toBe(0o600);
  });

  test("leaves the older file in place until the new one is whole", async () => {
    writeFileSync(file("kept.jsonl"), "older\n");

    const failed = writeFileOf(file("kept.jsonl"), lines(new Error("no more")));

    await expect(failed).rejects.toThrow(/kept\.jsonl cannot be written: no more/);
    expect(readFileSync(file("kept.jsonl"), "utf8")).toBe("older\n");
    expect(existsSync(file("kept.jsonl.partial"))).toBe(false);
  });

  test("is refused in one line where nothing can be written", async () => {
    const nowhere = writeFileOf(file("no/such/folder/x.jsonl"), lines());
    await expect(nowhere).rejects.toThrow(/x\.jsonl cannot be written: ENOENT/);

    const full = writeStreamOf(createWriteStream("/dev/full"), lines());
    await expect(full).rejects.toThrow(/^the output cannot be written: ENOSPC/);
  });

  test("asks for no more than the other side takes", async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<string> {
      for (; asked < 1_000; asked += 1) yield "x".repeat(100_000);
    }
    const slow = createWriteStream("/dev/null");
    slow.cork(); // takes nothing until it is let go

    const writing = writeStreamOf(slow, endless());
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(asked).toBeLessThan(3);
    slow.uncork();
    await writing;
    expect(asked).toBe(1_000);
  });
});

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
}
