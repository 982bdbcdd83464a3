import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Variables } from "../../config/env.ts";
import { binDir } from "../package-root.ts";
import type { Site } from "./site.ts";

/** Runs one `hub` command as users do, and notes what it prints; answers its exit code. */
export function runCommand(
  site: Site,
  args: readonly string[],
  settings: Variables,
  input = "",
): Promise<number | null> {
  const program = [join(binDir, "hub.mjs"), ...args];
  const env = { ...settings, HOME: site.folder, TMPDIR: site.tempDir };
  const child = spawn(process.execPath, program, { env, stdio: "pipe" });
  const place = `hub ${args.join(" ")}`;
  const note = (piece: Buffer): void => site.see("hub commands", place, piece);
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

/** Commands that show much, or read what is secret. */
const TELLING: readonly (readonly string[])[] = [
  ["status", "--json"],
  ["config", "--json"],
  ["actors", "--json"],
  ["db", "status"],
  ["vault", "get", "KRAKEN_API_SECRET"],
];

/** Runs the commands that could tell too much, with the operator's token and with a wrong one. */
export async function runTelling(
  site: Site,
  settings: Variables,
  url: string,
  wrongToken: string,
): Promise<void> {
  const right = { ...settings, HUB_URL: url };
  await Promise.all(TELLING.map((args) => runCommand(site, args, right)));
  await runCommand(site, ["signals"], { ...right, HUB_TOKEN: wrongToken });
  site.did(`${TELLING.length + 1} hub commands beside it, one with an unknown token`);
}
