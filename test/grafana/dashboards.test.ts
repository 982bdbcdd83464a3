import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dashboardFiles } from "../../grafana/src/index.ts";
import { knownMetrics } from "./known-metrics.ts";
import { committedBoards, labelQueryOf, queriesOf } from "./live/boards.ts";
import { fillIn } from "./live/fill-in.ts";
import { metricsOf } from "./promql.ts";

const RUNBOOKS = new URL("../../docs/runbooks/", import.meta.url).pathname;
const boards = committedBoards();
const panels = boards.flatMap(({ name, panels: own }) =>
  own.map((panel) => ({ ...panel, where: `${name}: ${panel.title}`, panel })),
);

describe("the committed dashboards", () => {
  it("are what `npm run dashboards` makes of their source", () => {
    const committed = Object.fromEntries(boards.map(({ name, text }) => [name, text]));
    expect(committed).toEqual(Object.fromEntries(dashboardFiles()));
  });

  it("have titles and names of their own", () => {
    for (const key of ["uid", "title"] as const) {
      const values = boards.map(({ board }) => board[key]);
      expect(new Set(values).size).toBe(boards.length);
    }
  });

  it.each(boards)("$name cannot be edited where the next generation would undo it", ({ board }) => {
    expect(board.editable).toBe(false);
    expect(board.refresh).toBe("30s");
  });

  it.each(boards)("$name lets its reader choose Prometheus and hub", ({ variables }) => {
    expect(variables.slice(0, 3).map(({ name }) => name)).toEqual([
      "datasource",
      "job",
      "instance",
    ]);
  });

  it.each(boards)(
    "$name asks again for what can be chosen when the time changes",
    ({ variables }) => {
      const asked = variables.filter((variable) => labelQueryOf(variable) !== undefined);
      expect(asked.length).toBeGreaterThanOrEqual(2);
      expect(asked.map(({ refresh }) => refresh)).toEqual(asked.map(() => 2));
    },
  );

  it.each(boards)("$name numbers its panels, each once", ({ board }) => {
    const ids = (board.panels ?? []).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });

  it.each(boards)(
    "$name fits a laptop: no panel is out of the grid or on another",
    ({ panels: own }) => {
      const taken = own.flatMap(({ gridPos = { x: 0, y: 0, w: 0, h: 0 } }) => {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        return cellsOf(gridPos);
      });
      expect(new Set(taken).size).toBe(taken.length);
    },
  );
});

const known = await knownMetrics();

describe.each(panels)("$where", ({ panel }) => {
  it("says what it shows, in which unit, and what to do about it", () => {
    expect(panel.title).toMatch(/^\p{Lu}/u);
    expect(panel.description).toMatch(/^[\p{Lu}\d].{10,}\.$/su);
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    expect(panel.fieldConfig?.defaults.thresholds?.steps.length).toBeGreaterThan(0);
    const [link] = panel.links ?? [];
    const runbook = /^\$\{runbooks\}\/(\w+\.md)$/.exec(link?.url ?? "")?.[1] ?? "none";
    expect(existsSync(`${RUNBOOKS}${runbook}`) ? "" : runbook).toBe("");
  });

  it("asks the chosen Prometheus about the chosen hub", () => {
    expect(panel.datasource?.uid).toBe("${datasource}");
    expect(queriesOf(panel).length).toBeGreaterThan(0);
    for (const { expr } of queriesOf(panel)) {
      const selectors = expr.match(/\b[a-z_]+\{[^}]*\}/g) ?? [];
      const unbound = selectors.filter(
        (selector) => !/job=~"\$job", instance=~"\$instance"/.test(selector),
      );
      expect(unbound).toEqual([]);
      expect(() => fillIn(expr)).not.toThrow();
    }
  });

  it("reads only metrics and labels that there are", () => {
    const unknown = queriesOf(panel).flatMap(({ expr }) =>
      metricsOf(fillIn(expr)).flatMap(({ metric, labels }) => {
        const has = known.get(metric);
        if (has === undefined) return [metric];
        return labels.filter((label) => !has.has(label)).map((label) => `${metric}{${label}}`);
      }),
    );
    expect(unknown).toEqual([]);
  });

  it("shows counters by how they grow, over a window that fits the scrapes", () => {
    for (const { expr } of queriesOf(panel)) {
      const counters = expr.match(/\b\w+_total\{/g) ?? [];
      const grown = expr.match(/\b(?:rate|increase)\(\w+_total\{/g) ?? [];
      expect(grown.length).toBe(counters.length);
      const windows = expr.replaceAll(/"[^"]*"/g, "").match(/\[[^\]]+\]/g) ?? [];
      const fixed = windows.filter((window) => !/^\[\$__(?:rate_interval|range)\]$/.test(window));
      expect(fixed).toEqual([]);
    }
  });
});

function cellsOf({ x, y, w, h }: { x: number; y: number; w: number; h: number }): string[] {
  return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
}
