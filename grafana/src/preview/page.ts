import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Drawn } from "./answers.ts";
import { type Box, chart, legend } from "./chart.ts";
import { escaped } from "./format.ts";
import { heat, stat, table, timeline } from "./marks.ts";

const CELL = { width: 60, height: 34 };
const GAP = 8;
const HEAD = 30;
const FOOT = 34;
const KINDS: Readonly<
  Record<string, (panel: Panel, answers: readonly Drawn[], box: Box) => string>
> = {
  stat,
  table,
  "state-timeline": timeline,
  heatmap: heat,
};

const STYLE = `
body { margin: 0; background: #111217; color: #d8d9da; font: 13px Inter, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 20px; margin: 14px 12px 2px; font-weight: 500; } p { margin: 0 12px 10px; color: #9fa3a8; }
p b { color: #e0b400; font-weight: 500; } main { position: relative; }
section { position: absolute; box-sizing: border-box; background: #181b1f; border: 1px solid #25282e; border-radius: 3px; overflow: hidden; }
section > h3 { font-size: 13px; font-weight: 500; margin: 7px 10px 3px; height: 18px; white-space: nowrap; overflow: hidden; }
.row { background: none; border: 0; } .row h3 { font-size: 15px; color: #fff; margin-top: 9px; }
svg { display: block; } svg text { fill: #9fa3a8; font-size: 11px; } svg text.on { fill: #fff; } .grid { stroke: #2a2e35; }
.legend { padding: 2px 10px; font-size: 11px; color: #c7c8ca; line-height: 14px; max-height: 28px; overflow: hidden; }
.legend i { display: inline-block; width: 12px; height: 3px; margin: 0 5px 3px 6px; }
.stats { display: flex; height: calc(100% - 28px); gap: 4px; padding: 0 6px 6px; box-sizing: border-box; }
.stat { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; border-radius: 3px; color: #fff; text-align: center; }
.stat b { font-size: 25px; font-weight: 500; } .stat small { font-size: 12px; opacity: .9; }
table { width: 100%; border-collapse: collapse; } td, th { text-align: left; padding: 3px 12px; height: 20px; border-bottom: 1px solid #25282e; white-space: nowrap; } th { color: #6e9fff; font-weight: 500; }
`;

/** A panel and what was answered to it; a heading has no answers. */
export interface Filled {
  readonly panel: Panel;
  readonly answers: readonly Drawn[];
}

/** A dashboard as one page, laid out as Grafana would. */
export function page(title: string, about: string, filled: readonly Filled[]): string {
  const bottom = Math.max(
    ...filled.map(({ panel }) => (panel.gridPos?.y ?? 0) + (panel.gridPos?.h ?? 0)),
  );
  const sections = filled.map(section).join("\n");
  const note = "<b>Preview, not Grafana:</b> drawn from the committed dashboard and a running hub.";
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>
<h1>${escaped(title)}</h1><p>${escaped(about)} ${note}</p>
<main style="width:${24 * CELL.width}px;height:${bottom * CELL.height}px">${sections}</main>`;
}

function section({ panel, answers }: Filled): string {
  const { x = 0, y = 0, w = 24, h = 1 } = panel.gridPos ?? {};
  const width = w * CELL.width - GAP;
  const height = h * CELL.height - GAP;
  const place = `left:${x * CELL.width + GAP / 2}px;top:${y * CELL.height}px;width:${width}px;height:${height}px`;
  const title = `<h3>${escaped(panel.title ?? "")}</h3>`;
  if (panel.type === "row") return `<section class="row" style="${place}">${title}</section>`;
  return `<section style="${place}">${title}${inside(panel, answers, { width: width - 2, height: height - HEAD })}</section>`;
}

function inside(panel: Panel, answers: readonly Drawn[], box: Box): string {
  if (answers.length === 0) {
    const { noValue } = panel.fieldConfig?.defaults ?? {};
    return `<div class="stats"><div class="stat"><small>${escaped(noValue ?? "no data")}</small></div></div>`;
  }
  const draw = KINDS[panel.type];
  if (draw !== undefined) return draw(panel, answers, box);
  return chart(panel, answers, { ...box, height: box.height - FOOT }) + legend(answers);
}
