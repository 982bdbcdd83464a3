import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENV_NAMES } from "../../src/config/settings.ts";
import { packageRoot } from "../../src/system/package-root.ts";
import { ran, withPrograms } from "../kit/on-prometheus.ts";
import { accountsMade, directive, directives, installed, seconds } from "./unit.ts";

const UNIT = "trading-hub.service";
/** Of 100, where 100 is a service that may do everything; systemd itself calls 20 and less OK. */
const MOST_EXPOSED = 20;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hub-unit-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

withPrograms("systemd", ["systemd-analyze", "systemd-sysusers"], () => {
  const verify = (path: string): { code: number; said: string } =>
    ran("systemd-analyze", ["verify", "--man=no", path]);
  const expose = (path: string): { code: number; said: string } =>
    ran("systemd-analyze", ["security", "--offline=true", `--threshold=${MOST_EXPOSED}`, path]);

  test("finds nothing to complain about in the unit and its drop-in", () => {
    expect(verify(installed(folder))).toEqual({ code: 0, said: "" });
  });

  test("would find a word that it does not know", () => {
    const broken = installed(folder, (unit) => unit.replace("RestartSec=", "RestartSecs="));
    expect(verify(broken).said).toMatch(/Unknown key .*'RestartSecs'/);
  });

  test("finds the hub shut in", () => {
    expect(expose(installed(folder))).toMatchObject({ code: 0 });
  });

  test("would find one that is not", () => {
    const open = installed(folder, (unit) => unit.replaceAll(/^(Protect|Restrict).*$/gm, ""));
    expect(expose(open).code).not.toBe(0);
  });

  test("makes the user that the unit names, without a shell", () => {
    const accounts = accountsMade(join(folder, "system"));
    expect(accounts).toMatch(new RegExp(`^${directive(UNIT, "User")}:.*/nologin$`, "m"));
  });
});

/** A limit as the hub's source has it, in seconds. */
function limitIn(file: string, name: string): number {
  const text = readFileSync(join(packageRoot, file), "utf8");
  const found = new RegExp(`^const ${name} = ([\\d_]+);$`, "m").exec(text)?.[1];
  if (found === undefined) throw new Error(`${file} has no ${name}`);
  return Number(found.replaceAll("_", "")) / 1_000;
}

describe("the unit and the hub agree", () => {
  test("on what is started, and that it is there", () => {
    const [program, script = ""] = directive(UNIT, "ExecStart").split(" ");
    const home = directive(UNIT, "WorkingDirectory");
    expect(program).toBe("/usr/bin/node");
    expect(script.startsWith(`${home}/`)).toBe(true);
    expect(existsSync(join(packageRoot, script.slice(home.length)))).toBe(true);
  });

  test("on what each exit code asks for", () => {
    expect(directive(UNIT, "Restart")).toBe("always");
    expect(directive(UNIT, "RestartPreventExitStatus")).toBe(
      /^const REFUSED = (\d+);$/m.exec(main())?.[1],
    );
  });

  test("on how long stopping may take at worst", () => {
    const limits = [
      limitIn("src/system.ts", "HTTP_STOP_LIMIT_MS"),
      limitIn("src/system.ts", "STOP_LIMIT_MS"),
      limitIn("src/store/embedded/server.ts", "STOP_LIMIT_MS"),
    ];
    const longest = limits.reduce((sum, limit) => sum + limit, 0);
    expect(seconds(directive(UNIT, "TimeoutStopSec"))).toBeGreaterThan(longest);
  });

  test("on how long the embedded PostgreSQL may take to start", () => {
    const start = limitIn("src/store/embedded/server.ts", "START_LIMIT_MS");
    expect(seconds(directive(UNIT, "TimeoutStartSec"))).toBeGreaterThan(start);
  });

  test("on the names of settings", () => {
    const known = new Set<string>([...Object.values(ENV_NAMES), "NODE_ENV"]);
    const named = [UNIT, "passphrase.conf"]
      .flatMap((file) => directives(file))
      .filter(([key]) => key === "Environment")
      .flatMap(([, value]) => value.split(" ").map((word) => word.split("=")[0] ?? ""));
    expect(named).toContain("HUB_DATA_DIR");
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test("that JavaScript is compiled as it runs", () => {
    expect(directives(UNIT).map(([key]) => key)).not.toContain("MemoryDenyWriteExecute");
  });
});

function main(): string {
  return readFileSync(join(packageRoot, "src/main.ts"), "utf8");
}
