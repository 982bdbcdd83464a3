import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/system/package-root.ts";

const FOLDER = join(packageRoot, "deploy/systemd");
const UNIT = "trading-hub.service";

/** The lines of one of our files for systemd, as key and value. */
export function directives(file: string): readonly (readonly [string, string])[] {
  const lines = readFileSync(join(FOLDER, file), "utf8").split("\n");
  return lines
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
}

/** The one value of a key. */
export function directive(file: string, key: string): string {
  const values = directives(file).filter(([name]) => name === key);
  if (values.length !== 1) throw new Error(`${file} sets ${key} ${values.length} times`);
  return values[0]?.[1] ?? "";
}

/** Seconds of a time span as we write them: `5s`, `3min`. */
export function seconds(span: string): number {
  const [, count, unit] = /^(\d+)(s|min)$/.exec(span) ?? [];
  if (count === undefined) throw new Error(`not a time span: ${span}`);
  return Number(count) * (unit === "min" ? 60 : 1);
}

/**
 * Puts our unit and its drop-in into a folder as on a machine where the hub is installed: systemd
 * looks whether the program of the unit is there, and here Node and hub lie elsewhere.
 */
export function installed(folder: string, edit: (unit: string) => string = (unit) => unit): string {
  const path = join(folder, UNIT);
  const unit = readFileSync(join(FOLDER, UNIT), "utf8")
    .replaceAll("/usr/bin/node", process.execPath)
    .replaceAll("/opt/trading-hub", packageRoot);
  writeFileSync(path, edit(unit));
  mkdirSync(`${path}.d`, { recursive: true });
  copyFileSync(join(FOLDER, "passphrase.conf"), join(`${path}.d`, "passphrase.conf"));
  return path;
}

/** The accounts that systemd makes in an empty system from our file, as lines of passwd. */
export function accountsMade(root: string): string {
  mkdirSync(join(root, "etc"), { recursive: true });
  const file = join(FOLDER, "trading-hub.sysusers.conf");
  execFileSync("systemd-sysusers", [`--root=${root}`, file], { stdio: "ignore" });
  return readFileSync(join(root, "etc/passwd"), "utf8");
}
