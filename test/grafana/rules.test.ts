import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ran, withPrograms } from "../kit/on-prometheus.ts";
import { knownMetrics } from "./known-metrics.ts";
import { metricsOf } from "./promql.ts";
import { allRules, filesIn, PROMETHEUS, runbookOf, testedAlerts } from "./rule-files.ts";

const RUNBOOKS = new URL("../../docs/runbooks/", import.meta.url);
const HEADINGS = ["## Meaning", "## Impact", "## Diagnosis", "## Mitigation"];
/** Says that alerts get through at all, so it must never be quiet. */
const ALWAYS_FIRES = "EngineWatchdog";

const rules = allRules();
const alerts = rules.flatMap((rule) =>
  rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }],
);

withPrograms("Prometheus and Alertmanager", ["promtool", "amtool"], () => {
  test("find no fault in the rules", () => {
    expect(ran("promtool", ["check", "rules", "--lint=all", ...filesIn("rules")])).toMatchObject({
      code: 0,
    });
  });

  test("find no fault in the configuration, once there is a token", () => {
    const folder = mkdtempSync(join(tmpdir(), "hub-prometheus-"));
    try {
      cpSync(PROMETHEUS, folder, { recursive: true });
      writeFileSync(join(folder, "hub-token"), "a token");
      expect(ran("promtool", ["check", "config", join(folder, "prometheus.yml")])).toMatchObject({
        code: 0,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("know whom to tell of what", () => {
    const config = join(PROMETHEUS, "alertmanager.yml");
    const toWhom = (severity: string) =>
      ran("amtool", ["config", "routes", "test", `--config.file=${config}`, `severity=${severity}`])
        .said.trim()
        .split("\n")
        .at(0);

    expect(ran("amtool", ["check-config", config])).toMatchObject({ code: 0 });
    expect(["critical", "warning", "info", "none"].map(toWhom)).toEqual([
      "pager",
      "tickets",
      "log",
      "watchdog",
    ]);
  });

  test.each(filesIn("tests"))("fire and keep quiet as %s says", { timeout: 120_000 }, (path) => {
    const { code, said } = ran("promtool", ["test", "rules", path]);
    expect(`${code}: ${said}`).toMatch(/^0: /);
  });
});

describe("an alert", () => {
  const { firing, quiet } = testedAlerts();

  test.each(alerts)("has a test that sees it fire and one that does not: $alert", ({ alert }) => {
    expect({ fires: firing.has(alert), isQuiet: quiet.has(alert) }).toEqual({
      fires: true,
      isQuiet: alert !== ALWAYS_FIRES,
    });
  });

  test.each(alerts)("says what it means and where to read on: $alert", (rule) => {
    const { summary = "", description = "" } = rule.annotations ?? {};
    const runbook = new URL(runbookOf(rule), RUNBOOKS);

    expect(rule.labels?.["severity"]).toMatch(/^(critical|warning|info|none)$/);
    expect(Math.min(summary.length, description.length)).toBeGreaterThan(0);
    expect(rule.annotations?.["runbook_url"]).toMatch(/^\{\{ \$externalLabels\.runbooks \}\}\//);
    expect(existsSync(runbook) ? headingsOf(runbook) : "no runbook").toEqual(HEADINGS);
  });

  test("is in the runbooks' index", () => {
    const index = readFileSync(new URL("README.md", RUNBOOKS), "utf8");
    expect(alerts.filter(({ alert }) => !index.includes(`| ${alert} |`))).toEqual([]);
  });
});

describe("a rule", async () => {
  const known = await knownMetrics();

  test.each(rules.map((rule) => ({ name: rule.alert ?? rule.record, ...rule })))(
    "reads only metrics and labels that there are: $name",
    (rule) => {
      const unknown = metricsOf(rule.expr).flatMap(({ metric, labels }) => {
        const has = known.get(metric);
        if (has === undefined) return [metric];
        return labels.filter((label) => !has.has(label)).map((label) => `${metric}{${label}}`);
      });
      expect(unknown).toEqual([]);
    },
  );

  test("of Chatty's paths means all of them and no other", () => {
    const served = JSON.parse(
      readFileSync(new URL("../golden/openapi.json", import.meta.url), "utf8"),
    ) as { paths: Record<string, Record<string, { tags?: string[] }>> };
    const paths = Object.entries(served.paths)
      .filter(([, methods]) => Object.values(methods).some(({ tags }) => tags?.includes("Chatty")))
      .map(([path]) => path);
    const listed = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/route=~"\/api\/\(([^)]*)\)"/g)].map(([, list = ""]) => list),
    );

    expect(paths).toHaveLength(11);
    expect(new Set(listed)).toEqual(
      new Set([
        paths
          .map((path) => path.slice("/api/".length))
          .toSorted()
          .join("|"),
      ]),
    );
  });
});

function headingsOf(runbook: URL): readonly string[] {
  return readFileSync(runbook, "utf8").match(/^## .*$/gm) ?? [];
}
