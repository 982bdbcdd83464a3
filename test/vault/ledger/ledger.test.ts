import { createSecretKey, randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Ledger } from "../../../src/vault/ledger/ledger.ts";
import type { LedgerEntry } from "../../../src/vault/ledger/line.ts";
import { verifyLedger } from "../../../src/vault/ledger/verify.ts";

const key = createSecretKey(randomBytes(32));
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-ledger-"));
  path = join(folder, "ledger");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function entry(i: number): LedgerEntry {
  return { at: i, who: "trader", event: "granted", secret: `s${i}`, purpose: "orders" };
}

async function fill(count: number): Promise<void> {
  const ledger = Ledger.open(path, key);
  for (let i = 1; i <= count; i += 1) await ledger.append(entry(i));
  await ledger.close();
}

describe("a ledger", () => {
  test("has every line it answered for, in order, across openings", async () => {
    await fill(3);
    const ledger = Ledger.open(path, key);
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => ledger.append(entry(i + 4))));
    await ledger.close();

    expect(await verifyLedger(path, key, [ledger.head])).toEqual({ lines: 1_003, broken: null });
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test("says no when a line cannot be written", async () => {
    const ledger = Ledger.open(path, key);
    await ledger.close();

    await expect(ledger.append(entry(1))).rejects.toThrow(/EBADF/);
    expect(ledger.head.n).toBe(0);
  });

  test("takes off half a line that a power cut left, and goes on", async () => {
    await fill(2);
    appendFileSync(path, 'abc {"n":3');

    expect(await verifyLedger(path, key, [])).toEqual({ lines: 2, broken: null });
    await fill(1);

    expect(await verifyLedger(path, key, [])).toEqual({ lines: 3, broken: null });
  });

  test("goes on behind what another process wrote meanwhile", async () => {
    const hub = Ledger.open(path, key);
    const command = Ledger.open(path, key);
    await hub.append(entry(1));
    await command.append(entry(2));
    await hub.append(entry(3));
    await hub.close();
    await command.close();

    expect(await verifyLedger(path, key, [hub.head])).toEqual({ lines: 3, broken: null });
  });

  test("loses no line to a command that opens it while one is written", async () => {
    const hub = Ledger.open(path, key);
    for (let i = 1; i <= 50; i += 1) {
      const writing = hub.append(entry(i));
      const command = Ledger.open(path, key);
      await writing;
      expect(command.head.n).toBe(i);
      await command.close();
    }
    await hub.close();

    expect(await verifyLedger(path, key, [hub.head])).toEqual({ lines: 50, broken: null });
  });

  test("takes every text as it is, also what some readers take for the end of a line", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom("\u2028", "\u2029", "\n", "\r", "é", '"') })),
        async (reasons) => {
          rmSync(path, { force: true });
          const ledger = Ledger.open(path, key);
          for (const reason of reasons) await ledger.append({ ...entry(1), reason });
          await ledger.close();
          const again = Ledger.open(path, key);

          expect(again.newest(1_000).map(({ reason }) => reason)).toEqual(reasons.toReversed());
          expect(await verifyLedger(path, key, [again.head])).toMatchObject({ broken: null });
          await again.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  test("takes nothing more once its end was cut off", async () => {
    const ledger = Ledger.open(path, key);
    await ledger.append(entry(1));
    await ledger.append(entry(2));
    const [first] = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, `${first}\n`);

    await expect(ledger.append(entry(3))).rejects.toThrow(/end was cut off/);
    await ledger.close();
  });

  test("shows its newest entries first, page by page, however long its lines are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 40_000, size: "max" }), { maxLength: 12 }),
        async (reasons) => {
          rmSync(path, { force: true });
          const ledger = Ledger.open(path, key);
          for (const reason of reasons) await ledger.append({ ...entry(1), reason });
          const shown = [...ledger.newest(5), ...ledger.newest(100, reasons.length - 4)];
          await ledger.close();

          expect(shown.map(({ reason }) => reason)).toEqual(reasons.toReversed());
        },
      ),
      { numRuns: 15 },
    );
  });

  test("is refused when it ends in something else", async () => {
    await fill(1);
    appendFileSync(path, "something else\n");

    expect(() => Ledger.open(path, key)).toThrow(/does not end in a line of its own/);
  });
});

describe("a ledger that was tampered with", () => {
  const lines = (): string[] => readFileSync(path, "utf8").trimEnd().split("\n");
  const write = (changed: readonly string[]): void =>
    writeFileSync(path, `${changed.join("\n")}\n`);

  test("in any character of any line is found at that line", async () => {
    await fill(4);
    const whole = lines();
    await fc.assert(
      fc.asyncProperty(fc.nat(3), fc.nat(400), async (at, offset) => {
        const line = whole[at] ?? "";
        const place = offset % line.length;
        const other = line[place] === "1" ? "2" : "1";
        write(whole.with(at, `${line.slice(0, place)}${other}${line.slice(place + 1)}`));
        const { broken } = await verifyLedger(path, key, []);
        // Altered in its hash it is wrong itself, and the next one stands on another.
        expect(broken?.line).toBe(at + 1);
      }),
    );
  });

  test.each([
    ["removed", (all: string[]) => all.toSpliced(1, 1), 2],
    ["put in twice", (all: string[]) => all.toSpliced(1, 0, all[0] ?? ""), 2],
    ["moved", (all: string[]) => [all[0] ?? "", all[2] ?? "", all[1] ?? "", all[3] ?? ""], 2],
  ])("by a line that was %s is found", async (_how, change, at) => {
    await fill(4);
    write(change(lines()));

    expect((await verifyLedger(path, key, [])).broken?.line).toBe(at);
  });

  test("by cutting off its end is found by what was noted outside", async () => {
    await fill(4);
    const { head } = Ledger.open(path, key);
    write(lines().slice(0, 2));

    expect((await verifyLedger(path, key, [])).broken).toBeNull();
    expect((await verifyLedger(path, key, [head])).broken?.reason).toMatch(/end was cut off/);
  });

  test("by writing it anew with the right key is found by what was noted outside", async () => {
    await fill(4);
    const { head } = Ledger.open(path, key);
    rmSync(path);
    const forged = Ledger.open(path, key);
    for (let i = 1; i <= 5; i += 1) await forged.append({ ...entry(i), who: "nobody" });
    await forged.close();

    expect((await verifyLedger(path, key, [head])).broken?.line).toBe(4);
  });

  test("by somebody without its key cannot be made whole", async () => {
    await fill(2);
    rmSync(path);
    const forged = Ledger.open(path, createSecretKey(randomBytes(32)));
    await forged.append(entry(1));
    await forged.close();

    expect((await verifyLedger(path, key, [])).broken?.line).toBe(1);
  });
});
