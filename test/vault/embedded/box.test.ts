import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Secret } from "../../../src/runtime/secret.ts";
import { VaultBox } from "../../../src/vault/embedded/box.ts";
import type { KeySource } from "../../../src/vault/embedded/key-ring.ts";

const PATH = "credentials/K";
let folder: string;
let path: string;
let keyFile: KeySource & { kind: "file" };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-box-"));
  path = join(folder, "vault.sealed");
  keyFile = { kind: "file", path: join(folder, "vault.key") };
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const passphrase = (text: string): KeySource => ({
  kind: "passphrase",
  passphrase: new Secret(text),
});

describe("a vault file", () => {
  test("gives back what was put, and older versions by their number", async () => {
    const box = await VaultBox.open(path, keyFile);
    await box.put(PATH, "one", 1);
    await box.put(PATH, "two", 2);

    const reopened = await VaultBox.open(path, keyFile);

    expect(await reopened.get(PATH)).toEqual({ value: "two", version: 2, at: 2 });
    expect(await reopened.get(PATH, 1)).toEqual({ value: "one", version: 1, at: 1 });
    expect(await reopened.get("credentials/other")).toBeUndefined();
    expect(await reopened.list()).toEqual([{ path: PATH, version: 2, at: 2, older: 1 }]);
  });

  test("keeps the ten newest versions of a path", async () => {
    const box = await VaultBox.open(path, keyFile);
    for (let i = 1; i <= 12; i += 1) await box.put(PATH, `v${i}`, i);

    expect(await box.get(PATH, 3)).toMatchObject({ value: "v3" });
    expect(await box.get(PATH, 2)).toBeUndefined();
  });

  test("keeps fewer versions when asked to, and forgets a path with all of them", async () => {
    const box = await VaultBox.open(path, keyFile);
    for (let i = 1; i <= 3; i += 1) await box.put(PATH, `v${i}`, i, 1);
    expect(await box.list()).toEqual([{ path: PATH, version: 3, at: 3, older: 0 }]);

    await box.remove(PATH);
    await box.remove("credentials/never-there");

    expect(await box.get(PATH)).toBeUndefined();
    expect(await (await VaultBox.open(path, keyFile)).list()).toEqual([]);
  });

  test("holds no value in clear, and neither file can be read by others", async () => {
    const box = await VaultBox.open(path, keyFile);
    await box.put(PATH, "value-in-clear", 1);

    expect(readFileSync(path, "utf8")).not.toContain("value-in-clear");
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(statSync(keyFile.path).mode & 0o077).toBe(0);
  });

  test("does not mistake the names of built-in properties for paths", async () => {
    const box = await VaultBox.open(path, keyFile);

    expect(await box.get("constructor")).toBeUndefined();
    await box.put("__proto__x", "value", 1);
    expect(await box.get("__proto__x")).toMatchObject({ value: "value" });
  });

  test("overwrites nothing that another process wrote while this one was opening it", async () => {
    const slow = passphrase("open sesame");
    const other = await VaultBox.open(path, slow);
    const opening = VaultBox.open(path, slow);
    await other.put("credentials/A", "one", 1);
    const box = await opening;
    await box.put("credentials/B", "two", 2);

    expect((await box.list()).map((item) => item.path)).toEqual(["credentials/A", "credentials/B"]);
  });

  test("is made once by those who open it first together", async () => {
    const [a, b] = await Promise.all([VaultBox.open(path, keyFile), VaultBox.open(path, keyFile)]);
    await a.put("credentials/A", "one", 1);

    expect((await b.get("credentials/A"))?.value).toBe("one");
  });

  test("sees what another process wrote, and overwrites none of it", async () => {
    const ours = await VaultBox.open(path, keyFile);
    const theirs = await VaultBox.open(path, keyFile);

    const writing = Array.from({ length: 20 }, (_, i) =>
      (i % 2 === 0 ? ours : theirs).put(`credentials/${i}`, `v${i}`, i),
    );
    await Promise.all(writing);

    expect((await ours.list()).length).toBe(20);
    expect(await ours.get("credentials/1")).toMatchObject({ value: "v1" });
  });

  test("is refused to a wrong passphrase, and left as it is", async () => {
    const box = await VaultBox.open(path, passphrase("right"));
    await box.put(PATH, "value", 1);
    const before = readFileSync(path);

    await expect(VaultBox.open(path, passphrase("wrong"))).rejects.toThrow(/passphrase is wrong/);

    expect(readFileSync(path)).toEqual(before);
    expect(await (await VaultBox.open(path, passphrase("right"))).get(PATH)).toMatchObject({
      value: "value",
    });
  });

  test("says which kind of key it needs", async () => {
    await VaultBox.open(path, passphrase("right"));
    await expect(VaultBox.open(path, keyFile)).rejects.toThrow(/HUB_VAULT_PASSPHRASE_FILE/);

    const other = join(folder, "other.sealed");
    await VaultBox.open(other, keyFile);
    await expect(VaultBox.open(other, passphrase("right"))).rejects.toThrow(/made with a key file/);
    rmSync(keyFile.path);
    await expect(VaultBox.open(other, keyFile)).rejects.toThrow(/put that file back/);
  });

  test("refuses a key file that others can read", async () => {
    await VaultBox.open(path, keyFile);
    chmodSync(keyFile.path, 0o644);

    await expect(VaultBox.open(path, keyFile)).rejects.toThrow(/chmod 600/);
  });

  test("is refused when it is cut off anywhere, and left as it is", async () => {
    const box = await VaultBox.open(path, keyFile);
    await box.put(PATH, "value", 1);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length));
      await expect(VaultBox.open(path, keyFile)).rejects.toThrow(/left as it is/);
      expect(readFileSync(path).length).toBe(length);
    }
  });

  test("is refused when any byte of it is altered", async () => {
    const box = await VaultBox.open(path, keyFile);
    await box.put(PATH, "value", 1);
    const whole = readFileSync(path);
    for (let i = 0; i < whole.length; i += 1) {
      const altered = Buffer.from(whole);
      altered[i] = (altered[i] ?? 0) ^ 1;
      writeFileSync(path, altered);
      await expect(VaultBox.open(path, keyFile)).rejects.toThrow(/vault/);
    }
  });

  test("is refused when an item was taken out of it", async () => {
    const box = await VaultBox.open(path, keyFile);
    await box.put(PATH, "value", 1);
    const text = readFileSync(path, "utf8");
    const [format, body = "", seal] = text.split("\n");
    const content = JSON.parse(body) as { items: object };
    writeFileSync(path, [format, JSON.stringify({ ...content, items: {} }), seal, ""].join("\n"));

    await expect(VaultBox.open(path, keyFile)).rejects.toThrow(/altered/);
  });
});

describe("a rotation of the master key", () => {
  test("wraps every version anew and touches no value", async () => {
    const box = await VaultBox.open(path, keyFile);
    await box.put(PATH, "one", 1);
    await box.put(PATH, "two", 2);
    const values = (): unknown[] => {
      const [, body = ""] = readFileSync(path, "utf8").split("\n");
      const { items } = JSON.parse(body) as { items: Record<string, { value: unknown }[]> };
      return Object.values(items)
        .flat()
        .map((one) => one.value);
    };
    const before = values();
    const oldKeys = readFileSync(keyFile.path, "utf8");

    const { kid } = await box.rotate();

    expect(values()).toEqual(before);
    expect(readFileSync(keyFile.path, "utf8")).toMatch(new RegExp(`^${kid} `));
    expect(readFileSync(keyFile.path, "utf8")).not.toContain(oldKeys.trim());
    expect(await box.get(PATH, 1)).toMatchObject({ value: "one" });
    expect(await (await VaultBox.open(path, keyFile)).get(PATH)).toMatchObject({ value: "two" });
  });

  test("is seen by a process that had the vault open", async () => {
    const running = await VaultBox.open(path, keyFile);
    await running.put(PATH, "value", 1);
    const command = await VaultBox.open(path, keyFile);

    await command.rotate();

    expect(await running.get(PATH)).toMatchObject({ value: "value" });
    await running.put(PATH, "next", 2);
    expect(await command.get(PATH)).toMatchObject({ value: "next" });
  });

  test("can change the passphrase", async () => {
    const box = await VaultBox.open(path, passphrase("old"));
    await box.put(PATH, "value", 1);

    await box.rotate(new Secret("new"));

    await expect(VaultBox.open(path, passphrase("old"))).rejects.toThrow(/wrong/);
    expect(await (await VaultBox.open(path, passphrase("new"))).get(PATH)).toMatchObject({
      value: "value",
    });
  });

  test("that broke off before the file was written leaves the old key good", async () => {
    const box = await VaultBox.open(path, keyFile);
    await box.put(PATH, "value", 1);
    const before = readFileSync(path);
    const keysBefore = readFileSync(keyFile.path, "utf8");
    await box.rotate();
    const [rotatedKey = ""] = readFileSync(keyFile.path, "utf8").split("\n");
    writeFileSync(path, before);
    writeFileSync(keyFile.path, `${keysBefore}${rotatedKey}\n`);

    const reopened = await VaultBox.open(path, keyFile);

    expect(await reopened.get(PATH)).toMatchObject({ value: "value" });
    await reopened.rotate();
    expect(await reopened.get(PATH)).toMatchObject({ value: "value" });
  });
});
