import { readFileSync } from "node:fs";
import { setUp } from "../metrics/kit.ts";
import { metricsOf } from "./promql.ts";
import { allRules } from "./rule-files.ts";

/** What Prometheus gives every series by itself. */
const OF_THE_SCRAPE = ["job", "instance"];

/**
 * Every metric that a rule or panel may read, with its labels: those of the hub as its golden file
 * has them, those of its process, what the rules record, and what Prometheus itself says of a target.
 */
export async function knownMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const known = new Map<string, Set<string>>();
  const know = (name: string, labels: Iterable<string>): void => {
    known.set(name, new Set([...(known.get(name) ?? OF_THE_SCRAPE), ...labels]));
  };
  const golden = readFileSync(new URL("../golden/metrics.txt", import.meta.url), "utf8");
  for (const [, name = "", labels = ""] of golden.matchAll(/^# LABELS (\S+) ?(.*)$/gm)) {
    const own = labels.split(", ").filter((label) => label !== "");
    const isHistogram = golden.includes(`# TYPE ${name} histogram`);
    for (const suffix of isHistogram ? ["_bucket", "_sum", "_count"] : [""]) {
      know(`${name}${suffix}`, suffix === "_bucket" ? own : own.filter((label) => label !== "le"));
    }
  }
  for (const [, name = "", labels = ""] of (await setUp().metrics.text()).matchAll(
    /^((?:process|nodejs)_\w+)(?:\{(.*)\})? /gm,
  )) {
    know(
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label),
    );
  }
  // Nothing was collected yet as often as not; its one histogram has one label.
  for (const suffix of ["_bucket", "_sum", "_count"]) {
    know(`nodejs_gc_duration_seconds${suffix}`, suffix === "_bucket" ? ["kind", "le"] : ["kind"]);
  }
  for (const { record, expr, labels = {} } of allRules()) {
    if (record === undefined) continue;
    know(record, [...metricsOf(expr).flatMap((use) => use.labels), ...Object.keys(labels)]);
  }
  know("up", []);
  know("ALERTS", ["alertname", "alertstate", "severity"]);
  return known;
}
