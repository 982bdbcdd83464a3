import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Dashboard, Panel, VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import { packageRoot } from "../../../src/system/package-root.ts";

const FOLDER = join(packageRoot, "grafana/dashboards");

/** A dashboard as it is committed: what Grafana will read. */
export interface BoardFile {
  readonly name: string;
  readonly text: string;
  readonly board: Dashboard;
  readonly panels: readonly Panel[];
  readonly variables: readonly VariableModel[];
}

export function committedBoards(): BoardFile[] {
  return readdirSync(FOLDER).map((name) => {
    const text = readFileSync(join(FOLDER, name), "utf8");
    const board = JSON.parse(text) as Dashboard;
    const panels = (board.panels ?? []).filter((panel): panel is Panel => panel.type !== "row");
    return { name, text, board, panels, variables: board.templating?.list ?? [] };
  });
}

/** What a panel asks of Prometheus. */
export interface PanelQuery {
  readonly expr: string;
  readonly instant: boolean;
  readonly legendFormat?: string;
}

export function queriesOf(panel: Panel): readonly PanelQuery[] {
  return (panel.targets ?? []) as unknown as PanelQuery[];
}

/** The query of a variable that takes its values from a label, cut into its two parts. */
export function labelQueryOf({
  query,
}: VariableModel): { match: string; label: string } | undefined {
  const text = typeof query === "object" ? String(query["query"]) : (query ?? "");
  const parts = /^label_values\((.+), (\w+)\)$/.exec(text);
  return parts === null ? undefined : { match: parts[1] ?? "", label: parts[2] ?? "" };
}
