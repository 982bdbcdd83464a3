#!/usr/bin/env node
import { BENCH } from "./lib/compile.mjs";
import { leaveWith } from "./lib/leave.mjs";
import { prepare } from "./lib/prepare.mjs";
import { launch } from "./lib/refusal.mjs";

await launch(async () => {
  await prepare({ dev: true, targets: [BENCH] });
  const { runSoak } = await import("../build/bench/soak.js");
  return leaveWith(await runSoak(process.argv.slice(2)));
});
