#!/usr/bin/env node
import { prepare } from "./lib/prepare.mjs";
import { launch } from "./lib/refusal.mjs";

// Unlike a bare tsc it also carries over the files that are served as they are.
await launch(async () => {
  await prepare({ dev: true });
  return 0;
});
