#!/usr/bin/env node
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmCommand } from "./lib/npm.mjs";
import { prepare } from "./lib/prepare.mjs";
import { launch, Refusal } from "./lib/refusal.mjs";
import { ROOT } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { summaryLine } from "./lib/summary.mjs";

/** Cheapest and most telling first. */
const CHECKS = ["format", "types", "lint", "layers", "dead", "secrets"];

async function check(name) {
  const { program, args } = npmCommand(process.env);
  process.stdout.write(`\n== ${name}\n`);
  const code = await run(program, [...args, "run", "--silent", `check:${name}`], { cwd: ROOT });
  if (code !== 0) {
    throw new Refusal(`npm test stopped at step "${name}": npm run check:${name} gave ${code}`);
  }
}

async function vitest(args) {
  const folder = mkdtempSync(join(tmpdir(), "hub-test-"));
  const report = join(folder, "report.json");
  const program = join(ROOT, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  try {
    const code = await run(process.execPath, [program, "run", ...reporters, ...args], {
      cwd: ROOT,
    });
    if (code !== 0) process.stdout.write(`npm test stopped at step "tests": vitest gave ${code}\n`);
    process.stdout.write(`${summaryLine(JSON.parse(readFileSync(report, "utf8")))}\n`);
    return code;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    throw new Refusal('npm test stopped at step "tests": vitest left no report');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await launch(async () => {
  const args = process.argv.slice(2);
  if (args.length > 0) {
    await prepare({ dev: true });
    return vitest(args);
  }
  await prepare({ dev: true, targets: [] });
  for (const name of CHECKS) await check(name);
  process.stdout.write("\n== build\n");
  await prepare({ dev: true });
  process.stdout.write("\n== tests\n");
  return vitest([]);
});
