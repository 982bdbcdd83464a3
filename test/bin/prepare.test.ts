import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ROOT } from "./load.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hub-prepare-"));
  const packages = { "node_modules/typescript": { version: "7", integrity: "x", dev: true } };
  write("package.json", JSON.stringify({ name: "tiny", version: "1.0.0" }));
  write("package-lock.json", JSON.stringify({ lockfileVersion: 3, packages }));
  write("node_modules/.package-lock.json", JSON.stringify({ packages }));
  // A file of its own and no link: npm runs in here, follows links, and deletes what it finds.
  const tsc = pathToFileURL(join(ROOT, "node_modules/typescript/lib/tsc.js")).href;
  write("node_modules/typescript/bin/tsc", `import(${JSON.stringify(tsc)});\n`);
  write("tsconfig.json", "{}");
  const compilerOptions = { rootDir: "src", outDir: "dist", strict: true, types: [] };
  write("tsconfig.build.json", JSON.stringify({ compilerOptions, include: ["src"] }));
  write("src/main.ts", "export const answer: number = 42;\n");
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Prepares the tiny project in a process of its own, as a launcher does. */
function prepare(): Promise<{ code: number | null; out: string; err: string }> {
  const script = `
    const { prepare } = await import(${JSON.stringify(join(ROOT, "bin/lib/prepare.mjs"))});
    const { launch } = await import(${JSON.stringify(join(ROOT, "bin/lib/refusal.mjs"))});
    await launch(async () => { await prepare({ dev: false, root: process.argv[1] }); return 0; });`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, root]);
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

describe("preparing the hub", () => {
  test("compiles, and carries over what is served as it is", async () => {
    write("src/page/index.html", "<p>");

    const result = await prepare();

    expect(result).toEqual({ code: 0, out: "", err: "building dist\n" });
    expect(read("dist/main.js")).toContain("answer = 42");
    expect(read("dist/page/index.html")).toBe("<p>");
  });

  test("says and does nothing the second time", async () => {
    await prepare();

    expect(await prepare()).toEqual({ code: 0, out: "", err: "" });
  });

  test("compiles again after a change, and forgets what is no longer there", async () => {
    write("src/old.ts", "export {};\n");
    await prepare();
    rmSync(join(root, "src/old.ts"));
    write("src/main.ts", "export const answer: number = 43;\n");

    await prepare();

    expect(read("dist/main.js")).toContain("answer = 43");
    expect(existsSync(join(root, "dist/old.js"))).toBe(false);
  });

  test("ends with 1 when the code does not compile, each time, and keeps what ran before", async () => {
    await prepare();
    write("src/main.ts", 'export const answer: number = "43";\n');

    const first = await prepare();
    const second = await prepare();

    for (const { code, out, err } of [first, second]) {
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/building failed: tsc ended with code 2, see above\n$/);
    }
    expect(read("dist/main.js")).toContain("answer = 42");
  });

  test("ends with 1 when the packages cannot be installed", async () => {
    write("package.json", "{");
    rmSync(join(root, "node_modules/.package-lock.json"));

    const { code, out, err } = await prepare();

    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(
      /installing packages failed: npm install ended with code \d+, see above\n$/,
    );
    expect(existsSync(join(root, "dist"))).toBe(false);
  });

  test("ends with 1 when npm installs something else than was locked", async () => {
    // package.json asks for nothing, so npm takes away what only the lock file holds.
    rmSync(join(root, "node_modules/.package-lock.json"));
    const locked = read("package-lock.json");

    const { code, err } = await prepare();

    expect(code).toBe(1);
    expect(err).toMatch(/package\.json asks for other packages than package-lock\.json holds\n$/);
    expect(read("package-lock.json")).toBe(locked);
  });

  test("builds once when two start at once", async () => {
    const results = await Promise.all([prepare(), prepare()]);

    const said = results.map(({ err }) => err).join("");
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(said.match(/building dist/g)).toHaveLength(1);
    expect(existsSync(join(root, "build/.prepare.lock"))).toBe(false);
  });

  test("does not wait for one that died with the lock in its hand", async () => {
    // Above the largest process id there can be.
    write("build/.prepare.lock", "99999999");

    expect(await prepare()).toMatchObject({ code: 0, err: "building dist\n" });
  });
});
