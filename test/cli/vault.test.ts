import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hub } from "./fake-hub.ts";

const VALUE = "the-value-itself";
let folder: string;
let environment: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-cli-vault-"));
  environment = { HUB_DATA_DIR: join(folder, "data") };
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], secrets: readonly string[] = []) =>
  hub(["vault", ...argv], environment, { secrets });

describe("hub vault", () => {
  test("stores a value that is asked for, and shows it on request only", async () => {
    const put = await run(["put", "OANDA_API_KEY"], [VALUE]);
    const hidden = await run(["get", "OANDA_API_KEY"]);
    const asJson = await run(["get", "OANDA_API_KEY", "--json"]);
    const revealed = await run(["get", "OANDA_API_KEY", "--reveal"]);

    expect(put).toMatchObject({ exitCode: 0, out: "OANDA_API_KEY is stored", err: "" });
    expect(hidden.out).toBe("OANDA_API_KEY is there; add --reveal to see it");
    expect(asJson.out).not.toContain(VALUE);
    expect(revealed.out).toBe(VALUE);
  });

  test("writes into the ledger who changed a value and who saw it", async () => {
    await run(["put", "OANDA_API_KEY"], [VALUE]);
    await run(["get", "OANDA_API_KEY"]);
    await run(["get", "OANDA_API_KEY", "--reveal"]);

    const lines = readFileSync(join(folder, "data/vault/ledger"), "utf8").trimEnd().split("\n");

    expect(
      lines
        .map((line) => /\{.*\}/.exec(line)?.[0] ?? "")
        .map((text) => JSON.parse(text) as unknown),
    ).toMatchObject([
      { n: 1, who: "cli", event: "note", secret: "OANDA_API_KEY", purpose: "put" },
      { n: 2, who: "cli", event: "granted", secret: "OANDA_API_KEY", purpose: "reveal" },
    ]);
    expect(lines.join()).not.toContain(VALUE);
  });

  test("lets nothing leave, come in or be wrapped anew without a line of the ledger", async () => {
    const file = join(folder, "copy.sealed");
    await run(["put", "K"], [VALUE]);
    await run(["export", file], ["open sesame"]);
    await run(["import", file], ["open sesame"]);
    await run(["rotate"]);

    const ledger = readFileSync(join(folder, "data/vault/ledger"), "utf8");

    expect([...ledger.matchAll(/"purpose":"(\w+)"/g)].map(([, purpose]) => purpose)).toEqual([
      "put",
      "export",
      "import",
      "rotate",
    ]);
  });

  test("takes no value from the command line", async () => {
    const { exitCode, err } = await run(["put", "K", VALUE]);

    expect(exitCode).toBe(2);
    expect(err).toMatch(/too many arguments/);
  });

  test("lists paths and versions, and no value", async () => {
    await run(["put", "broker:oanda"], [VALUE]);
    await run(["put", "broker:oanda"], ["another"]);

    const { out } = await run(["list"]);

    expect(out).toMatch(/credentials\/broker:oanda\s+2\s+1\s/);
    expect(out).not.toContain(VALUE);
  });

  test("wraps everything anew, and still opens it", async () => {
    await run(["put", "K"], [VALUE]);
    const keyBefore = readFileSync(join(folder, "data/vault/vault.key"), "utf8");

    const { exitCode } = await run(["rotate"]);

    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, "data/vault/vault.key"), "utf8")).not.toBe(keyBefore);
    expect((await run(["get", "K", "--reveal"])).out).toBe(VALUE);
  });

  test("carries values to another machine under a passphrase", async () => {
    const file = join(folder, "copy.sealed");
    await run(["put", "K"], [VALUE]);
    await run(["export", file], ["open sesame"]);
    environment = { HUB_DATA_DIR: join(folder, "other") };

    const wrong = await run(["import", file], ["close sesame"]);
    const right = await run(["import", file], ["open sesame"]);

    expect(readFileSync(file, "utf8")).not.toContain(VALUE);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.err).toMatch(/passphrase is wrong/);
    expect(right).toMatchObject({ exitCode: 0, out: "1 items were stored" });
    expect((await run(["get", "K", "--reveal"])).out).toBe(VALUE);
  });

  test.each([
    ["an absent key", ["get", "NOBODY"], /no credential NOBODY/],
    ["a key with a slash", ["get", "a/b"], /no slash/],
    ["an empty value", ["put", "K"], /key and value are required/],
    ["a file that is there", ["export", "/dev/null"], /is there already/],
    ["a file that is not there", ["import", "/nowhere"], /no file/],
  ] as const)("refuses %s in one line", async (_what, argv, line) => {
    await run(["put", "OTHER"], [VALUE]);

    const { exitCode, out, err } = await run(argv);

    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(line);
    expect(err.split("\n")).toHaveLength(1);
  });

  test("does not make a vault by looking for one", async () => {
    const { exitCode, err } = await run(["list"]);

    expect(exitCode).toBe(1);
    expect(err).toMatch(/no vault/);
    expect(existsSync(join(folder, "data/vault/vault.sealed"))).toBe(false);
  });

  test("is opened by a passphrase file that nobody else can read", async () => {
    const file = join(folder, "passphrase");
    writeFileSync(file, "open sesame\n", { mode: 0o600 });
    environment["HUB_VAULT_PASSPHRASE_FILE"] = file;
    await run(["put", "K"], [VALUE]);
    expect((await run(["get", "K", "--reveal"])).out).toBe(VALUE);

    writeFileSync(file, "close sesame\n");
    expect((await run(["get", "K"])).err).toMatch(/passphrase is wrong/);
    rmSync(file);
    writeFileSync(file, "open sesame\n", { mode: 0o644 });
    expect((await run(["get", "K"])).err).toMatch(/chmod 600/);
  });
});
