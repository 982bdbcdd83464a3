import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { launcher, ROOT } from "./load.ts";

const { complaintAbout } = await launcher<{
  complaintAbout: (version: string) => string | undefined;
}>("node-version");
const { npmCommand } = await launcher<{
  npmCommand: (environment: object) => { program: string; args: string[] };
}>("npm");
const { summaryLine } = await launcher<{ summaryLine: (report: object) => string }>("summary");
const { fingerprint } = await launcher<{ fingerprint: (root: string, paths: string[]) => string }>(
  "fingerprint",
);
const { isInstalled } = await launcher<{
  isInstalled: (root: string, needs: { dev: boolean }) => boolean;
}>("install");

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hub-bin-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("a launcher", () => {
  test("opens no inspector when somebody asks it to by a signal", () => {
    const work = `
      import { url } from "node:inspector";
      import { launch } from "./bin/lib/refusal.mjs";
      await launch(async () => {
        process.kill(process.pid, "SIGUSR1");
        await new Promise((resolve) => setTimeout(resolve, 200));
        process.stdout.write(String(url()));
        return 0;
      });`;

    const said = execFileSync(process.execPath, ["--input-type=module", "-e", work], { cwd: ROOT });

    expect(said.toString()).toBe("undefined");
  });

  test("takes the Node the hub is pinned to, and newer ones", () => {
    for (const version of ["20.19.0", "20.20.2", "22.0.0", "24.1.0"]) {
      expect(complaintAbout(version)).toBeUndefined();
    }
  });

  test("says in one line which Node it needs", () => {
    expect(complaintAbout("20.18.3")).toBe(
      "the hub needs Node 20.19 or newer, this is Node 20.18.3",
    );
    expect(complaintAbout("18.20.1")).toMatch(/this is Node 18\.20\.1$/);
  });

  test("calls the npm that runs it, and no other package manager", () => {
    const npm = "/usr/lib/node_modules/npm/bin/npm-cli.js";

    expect(npmCommand({ npm_execpath: npm })).toEqual({ program: process.execPath, args: [npm] });
    expect(npmCommand({ npm_execpath: "/opt/yarn.js" })).toEqual({ program: "npm", args: [] });
    expect(npmCommand({})).toEqual({ program: "npm", args: [] });
  });

  test("names the oldest Node that package.json names", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
      engines: { node: string };
    };

    expect(complaintAbout("1.0.0")).toContain(manifest.engines.node.replace(">=", "Node "));
  });
});

describe("the fingerprint of sources", () => {
  test("changes with a name or a content, and not with a time", () => {
    const path = join(root, "src/a.ts");
    mkdirSync(join(root, "src"));
    writeFileSync(path, "one");
    const first = fingerprint(root, ["src", "missing"]);

    utimesSync(path, 1, 1);
    expect(fingerprint(root, ["src"])).toBe(first);
    writeFileSync(path, "two");
    const second = fingerprint(root, ["src"]);
    writeFileSync(join(root, "src/b.ts"), "");
    const third = fingerprint(root, ["src"]);

    expect(new Set([first, second, third]).size).toBe(3);
  });
});

describe("installed packages", () => {
  const runtime = { version: "1.0.0", integrity: "sha512-a" };
  const tool = { version: "2.0.0", integrity: "sha512-b", dev: true };
  const elsewhere = { version: "3.0.0", integrity: "sha512-c", optional: true };
  const wanted = {
    "": {},
    "node_modules/a": runtime,
    "node_modules/b": tool,
    "node_modules/c": elsewhere,
  };

  function given(present: object | undefined): void {
    writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: wanted }));
    if (present === undefined) return;
    mkdirSync(join(root, "node_modules"));
    const hidden = join(root, "node_modules/.package-lock.json");
    writeFileSync(hidden, JSON.stringify({ packages: present }));
  }

  test("do not count before npm has finished", () => {
    given(undefined);

    expect(isInstalled(root, { dev: false })).toBe(false);
  });

  test("count when all are there but those of other platforms", () => {
    given({ "node_modules/a": runtime, "node_modules/b": tool });

    expect(isInstalled(root, { dev: true })).toBe(true);
  });

  test("count without the tools only when no tool is needed", () => {
    given({ "node_modules/a": runtime });

    expect(isInstalled(root, { dev: false })).toBe(true);
    expect(isInstalled(root, { dev: true })).toBe(false);
  });

  test("do not count when the lock file has moved on", () => {
    given({ "node_modules/a": { ...runtime, version: "0.9.0" }, "node_modules/b": tool });

    expect(isInstalled(root, { dev: false })).toBe(false);
  });
});

describe("the last line of a test run", () => {
  const report = { numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  const failedTest = { status: "failed", assertionResults: [{ status: "failed" }] };

  test("counts what passed, failed and was skipped", () => {
    expect(summaryLine({ ...report, testResults: [failedTest] })).toBe(
      "7 passed, 1 failed, 3 skipped",
    );
  });

  test("counts a file that could not be loaded as a failure", () => {
    const broken = { status: "failed", assertionResults: [] };

    expect(summaryLine({ ...report, testResults: [failedTest, broken] })).toBe(
      "7 passed, 2 failed, 3 skipped",
    );
  });
});
