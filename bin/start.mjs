#!/usr/bin/env node
import { leaveWith } from "./lib/leave.mjs";
import { stopWithNpm } from "./lib/parent.mjs";
import { prepare } from "./lib/prepare.mjs";
import { launch } from "./lib/refusal.mjs";

// The hub runs in this very process, so that signals reach it without a messenger.
await launch(async () => {
  stopWithNpm(process.env);
  await prepare({ dev: false });
  const { runHub } = await import("../dist/main.js");
  const { takeEnvironment } = await import("../dist/config/env.js");
  return leaveWith(await runHub(takeEnvironment()));
});
