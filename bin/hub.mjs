#!/usr/bin/env node
import { leaveWith } from "./lib/leave.mjs";
import { stopWithNpm } from "./lib/parent.mjs";
import { prepare } from "./lib/prepare.mjs";
import { launch } from "./lib/refusal.mjs";

await launch(async () => {
  stopWithNpm(process.env);
  await prepare({ dev: false });
  const { runCli } = await import("../dist/cli/index.js");
  const { takeEnvironment } = await import("../dist/config/env.js");
  const startHub = async (environment) => {
    const { runHub } = await import("../dist/main.js");
    return runHub(environment);
  };
  const world = { environment: takeEnvironment(), startHub };
  return leaveWith(await runCli(process.argv.slice(2), world));
});
