import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Anchors } from "../../src/actors/sentinel/anchors.ts";
import { openLedger } from "../../src/system/ledger.ts";
import { openBox } from "../../src/system/vault.ts";
import { withStore } from "../kit/store.ts";
import { fakeHub, hub } from "./fake-hub.ts";

describe("hub audit verify", () => {
  const opened = withStore();
  let path: string;

  const verify = (...options: string[]) =>
    hub(["audit", "verify", ...options], { HUB_DATA_DIR: opened.dataDir });

  /** Three lines, the second of them noted in the audit log. */
  beforeEach(async () => {
    const { dataDir, store } = opened;
    path = join(dataDir, "vault/ledger");
    const box = await openBox({ dataDir, vaultKeyFile: undefined, vaultPassphraseFile: undefined });
    writeFileSync(path, "");
    await box.remove("hub/ledger-key"); // another ledger each time: notes of the last one are not its own
    const ledger = await openLedger(dataDir, box);
    const line = { at: 1, who: "trader", event: "granted", purpose: "orders" } as const;
    await ledger.append({ ...line, secret: "broker:a" });
    await ledger.append({ ...line, secret: "broker:b" });
    await new Anchors(ledger, store.pulse).note(2);
    await ledger.append({ ...line, secret: "broker:c" });
    await ledger.close();
  });

  test("says that nothing was altered, beside the database that runs", async () => {
    const { exitCode, out } = await verify();

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^audit log: none of \d+ lines altered$/m);
    expect(out).toMatch(/^ledger of secrets: none of 3 lines altered; .* agree: 1$/m);
  });

  test("finds an edited line", async () => {
    writeFileSync(path, readFileSync(path, "utf8").replace("broker:a", "broker:x"));

    const { exitCode, out } = await verify();

    expect(exitCode).toBe(3);
    expect(out).toMatch(/^ledger of secrets: ALTERED at line 1: .* altered$/m);
  });

  test("finds an end that was cut off behind what was noted", async () => {
    const [first] = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, `${first}\n`);

    const { exitCode, out } = await verify("--json");

    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      auditLog: { broken: null },
      secretLedger: {
        lines: 1,
        broken: { line: 1, reason: expect.stringMatching(/cut off/) as string },
      },
    });
  });

  test("finds a ledger that is gone", async () => {
    writeFileSync(path, "");

    expect((await verify()).exitCode).toBe(3);
  });
});

describe("hub audit", () => {
  test.each([
    [
      "list",
      "GET /api/v1/audit",
      {
        audit: [{ id: 1, at: 0, who: "ann", what: "trading.halt", detail: { why: "storm" } }],
        next: null,
      },
      /ann +trading\.halt +\{"why":"storm"\}/,
    ],
    [
      "secrets",
      "GET /api/v1/audit/secrets",
      {
        entries: [
          {
            n: 7,
            at: 0,
            who: "trader",
            event: "denied",
            secret: "store",
            purpose: "curiosity",
            reason: "not allowed",
          },
        ],
        next: null,
      },
      /7 .*trader +store +curiosity +denied +not allowed/,
    ],
  ])("%s shows the newest lines", async (command, path, body, line) => {
    const fake = await fakeHub({ [path]: { body } });
    try {
      const environment = { HUB_URL: fake.url, HUB_TOKEN: "t" };
      const { exitCode, out } = await hub(["audit", command, "--limit", "5"], environment);

      expect(exitCode).toBe(0);
      expect(out).toMatch(line);
      expect(fake.asked[0]?.path).toMatch(/limit=5$/);
    } finally {
      await fake.close();
    }
  });
});
