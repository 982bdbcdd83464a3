#!/usr/bin/env node
import { execFileSync } from "node:child_process";
import { compiledDashboards, DASHBOARDS } from "./lib/compile.mjs";
import { prepare } from "./lib/prepare.mjs";
import { launch, Refusal } from "./lib/refusal.mjs";
import { ROOT } from "./lib/root.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "chromium";
const WATCH_MS = 60_000;

/** The first word of its version line tells that a program is there. */
function need(program, from) {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
  } catch {
    throw new Refusal(`${program} cannot be run; on Debian: apt-get install ${from}`);
  }
}

await launch(async () => {
  need("prometheus", "prometheus");
  need(CHROMIUM, "chromium");
  const path = execFileSync("sh", ["-c", 'command -v "$0"', CHROMIUM], { encoding: "utf8" }).trim();
  await prepare({ dev: true });
  await prepare({ dev: true, targets: [DASHBOARDS] });
  const { preview } = await import(compiledDashboards("preview/index.js"));
  const tell = (line) => process.stdout.write(`${line}\n`);
  await preview({ root: ROOT, chromium: path, watchMs: WATCH_MS, tell });
  return 0;
});
