import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { withPrograms } from "../kit/on-prometheus.ts";
import { tellOfEverything } from "./everything.ts";
import { setUp } from "./kit.ts";

withPrograms("the hub's own metrics, read by promtool", ["promtool"], () => {
  test("keep Prometheus' rules for names, units and help", async () => {
    const { metrics, tell } = setUp();
    tellOfEverything(metrics, tell);
    const text = await metrics.text();
    // What the library adds is not ours to name.
    const own = text.slice(0, text.indexOf("# HELP process_"));
    const checked = spawnSync("promtool", ["check", "metrics"], { input: own, encoding: "utf8" });

    expect(own).toContain("engine_candle_lag_seconds");
    expect(own).not.toContain("nodejs_");
    expect([checked.status, checked.stderr, checked.stdout]).toEqual([0, "", ""]);
  });
});
