import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "hub-planted-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `npm run check:secrets` says of one file: nothing, or what it found. */
async function found(content: string): Promise<string> {
  const file = join(folder, "planted.ts");
  writeFileSync(file, content);
  const args = ["node_modules/secretlint/bin/secretlint.js", "--no-glob", "--no-color", file];
  return run(process.execPath, args).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { stdout: string }).stdout,
  );
}

/** Made here, so that no file of the project holds what looks like a key. */
const letters = (count: number) => randomBytes(count).toString("hex").slice(0, count);
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const planted = {
  "a GitHub token": `const token = "ghp_${letters(36)}";`,
  "a private key": privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  "the password of a database": `const url = "postgresql://hub:${letters(12)}@db.example/hub";`,
};

describe("the search for committed secrets", () => {
  test.each(Object.entries(planted))("finds %s", async (_what, content) => {
    const said = await found(content);

    expect(said).toContain("error");
    expect(said).not.toContain(content); // and does not print it into the log of a public run
  });

  test("takes the made-up passwords of tests for what they are", async () => {
    expect(await found('const url = "postgresql://hub:tr0ub4dor@127.0.0.1/hub";')).toBe("");
  });
});
