import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const PROMETHEUS = fileURLToPath(new URL("../../grafana/prometheus/", import.meta.url));

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly object[];
    }[];
  }[];
}

/** The YAML files of a folder below `grafana/prometheus`, as full paths. */
export function filesIn(folder: "rules" | "tests"): readonly string[] {
  return readdirSync(`${PROMETHEUS}${folder}`)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => `${PROMETHEUS}${folder}/${name}`);
}

export function allRules(): readonly Rule[] {
  return filesIn("rules").flatMap((path) =>
    (parse(readFileSync(path, "utf8")) as RuleFile).groups.flatMap(({ rules }) => rules),
  );
}

/** Which alerts some test sees fire, and which it sees keep quiet. */
export function testedAlerts(): { firing: ReadonlySet<string>; quiet: ReadonlySet<string> } {
  const [firing, quiet] = [new Set<string>(), new Set<string>()];
  for (const path of filesIn("tests")) {
    for (const { alert_rule_test } of (parse(readFileSync(path, "utf8")) as RuleTests).tests) {
      for (const { alertname, exp_alerts } of alert_rule_test) {
        (exp_alerts.length > 0 ? firing : quiet).add(alertname);
      }
    }
  }
  return { firing, quiet };
}

/** The file that an alert's `runbook_url` ends in. */
export function runbookOf({ annotations = {} }: Rule): string {
  return basename(annotations["runbook_url"] ?? "");
}
