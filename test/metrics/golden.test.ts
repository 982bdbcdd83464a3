import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { HubEvent } from "../../src/market/events.ts";
import type { Metrics } from "../../src/metrics/registry.ts";
import { storeFigures } from "../http/kit/builders.ts";
import { BTC, FIGURES, saved, setUp } from "./kit.ts";

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

/** So that every metric has a series, and its labels can be read. */
function tellOfEverything(metrics: Metrics, tell: (event: HubEvent) => void): void {
  metrics.setPortfolios([{ name: "swing", series: [BTC] }]);
  tell(saved());
  metrics.onKitEvent({
    kind: "handled",
    actor: "architect",
    topic: "saveCandles",
    count: 1,
    outcome: "ok",
    waitMs: 1,
    durationMs: 1,
  });
  metrics.onTree({
    id: "architect",
    kind: "actor",
    state: "up",
    restarts: 0,
    mailboxDepth: 0,
    children: [],
  });
  metrics.onStoreCall({ operation: "upsert_candles", outcome: "ok", durationMs: 1 });
  metrics.setStoreSize(storeFigures());
  metrics.setAccount(FIGURES);
  metrics.setLeases([{ name: "trader", isHeld: true }]);
  metrics.setExchange("binance", { budgetLeft: 1, offsetMs: 0 });
  metrics.http.know("GET", "/api/status");
}

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
