#!/usr/bin/env node
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiledDashboards, DASHBOARDS } from "./lib/compile.mjs";
import { prepare } from "./lib/prepare.mjs";
import { launch } from "./lib/refusal.mjs";
import { ROOT } from "./lib/root.mjs";

/** Writes every dashboard anew; one that is no longer built goes away. */
await launch(async () => {
  await prepare({ dev: true, targets: [DASHBOARDS] });
  const { dashboardFiles } = await import(compiledDashboards("index.js"));
  const folder = join(ROOT, "grafana/dashboards");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of dashboardFiles()) {
    writeFileSync(join(folder, name), text);
    process.stdout.write(`grafana/dashboards/${name}\n`);
  }
  return 0;
});
