import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tellOfEverything } from "./everything.ts";
import { setUp } from "./kit.ts";

const GOLDEN = new URL("../golden/metrics.txt", import.meta.url);

describe("the metrics", () => {
  test("have the names, labels and help that were reviewed", async () => {
    const { metrics, tell } = setUp();
    tellOfEverything(metrics, tell);
    const json = await allMetrics(metrics.text());
    if (!existsSync(GOLDEN) || process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, json);

    expect(json).toBe(readFileSync(GOLDEN, "utf8"));
  });
});

/** Names, types, help and label names: what dashboards and alerts rest on. */
async function allMetrics(text: Promise<string>): Promise<string> {
  const lines = (await text).split("\n");
  const labels = new Map<string, Set<string>>();
  for (const line of lines) {
    const match = /^([a-z_0-9]+?)(?:_bucket|_sum|_count)?\{(.*)\} /.exec(line);
    if (match === null) continue;
    const [, name = "", inner = ""] = match;
    const known = labels.get(name) ?? new Set<string>();
    for (const [, label = ""] of inner.matchAll(/(?:^|,)([a-z_]+)="/g)) known.add(label);
    labels.set(name, known);
  }
  const kept = lines.filter((line) => /^# (HELP|TYPE) (engine|http|hub)_/.test(line));
  return `${kept
    .map((line) => {
      const [, kind, name = ""] = line.split(" ");
      const own = [...(labels.get(name) ?? [])].toSorted().join(", ");
      return kind === "TYPE" ? `${line}\n# LABELS ${name} ${own}\n` : line;
    })
    .join("\n")
    .trimEnd()}\n`;
}
