#!/usr/bin/env node
import { npmCommand } from "./lib/npm.mjs";
import { launch } from "./lib/refusal.mjs";
import { ROOT } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

/** What takes too long for every change: two hundred kills, an hour of outage, a week of the market. */
const RUNS = [
  { name: "kills", env: { KILLS: "200" }, suite: "test/e2e/killed-at-random.test.ts" },
  { name: "outage", env: { OUTAGE_SECONDS: "60" }, suite: "test/e2e/store-outage.test.ts" },
  { name: "weather", env: { WEATHER_SECONDS: "600" }, suite: "test/e2e/faults.test.ts" },
];

const { program, args } = npmCommand(process.env);
const npm = (words, env = {}) =>
  run(program, [...args, ...words], { cwd: ROOT, env: { ...process.env, ...env } });

await launch(async () => {
  const failed = [];
  for (const { name, env, suite } of RUNS) {
    process.stdout.write(`\n== ${name}: ${suite}\n`);
    if ((await npm(["test", "--", suite], env)) !== 0) failed.push(name);
  }
  process.stdout.write("\n== soak: a week of the market\n");
  if ((await npm(["run", "--silent", "soak", "--", "--week"])) !== 0) failed.push("soak");
  process.stdout.write(
    `\n${failed.length === 0 ? "all passed" : `FAILED: ${failed.join(", ")}`}\n`,
  );
  return failed.length === 0 ? 0 : 1;
});
