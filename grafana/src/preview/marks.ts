import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Drawn } from "./answers.ts";
import type { Box } from "./chart.ts";
import { escaped, format } from "./format.ts";
import { stepColour, wordFor } from "./look.ts";

/** Last values, large, on the colour of their step. */
export function stat(panel: Panel, answers: readonly Drawn[]): string {
  const isColoured = (panel.options as { colorMode?: string }).colorMode === "background";
  const cells = answers.map((answer) => {
    const value = lastOf(answer);
    const text = wordFor(panel, value) ?? inUnit(panel, value);
    const ground = isColoured ? `background:${stepColour(panel, value)}` : "";
    const name = answers.length > 1 ? `<small>${escaped(answer.name)}</small>` : "";
    return `<div class="stat" style="${ground}">${name}<b>${escaped(text)}</b></div>`;
  });
  return `<div class="stats">${cells.join("")}</div>`;
}

/** A row for each combination of labels, the largest value first. */
export function table(panel: Panel, answers: readonly Drawn[], { height }: Box): string {
  const columns = columnsOf(panel);
  const rows = answers
    .toSorted((a, b) => lastOf(b) - lastOf(a))
    .slice(0, Math.floor(height / 26) - 1);
  const head = columns.map(([, title]) => `<th>${escaped(title)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = columns.map(([column]) => {
      if (column !== "Value") return `<td>${escaped(row.labels[column] ?? "")}</td>`;
      const value = lastOf(row);
      return `<td style="color:${stepColour(panel, value)}">${escaped(inUnit(panel, value))}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table><tr>${head}</tr>${body.join("")}</table>`;
}

/** A row of coloured stretches for each answer. */
export function timeline(panel: Panel, answers: readonly Drawn[], { width, height }: Box): string {
  const names = 130;
  const tall = Math.min(26, (height - 6) / Math.max(1, answers.length));
  const rows = answers.map(({ name, points }, row) => {
    const wide = (width - names - 10) / Math.max(1, points.length);
    const y = row * tall;
    const cells = points.map(([, value], i) => {
      const colour = stepColour(panel, value);
      return `<rect x="${names + i * wide}" y="${y}" width="${wide + 0.5}" height="${tall - 3}" fill="${colour}" opacity="0.75"/>`;
    });
    const word = wordFor(panel, points.at(-1)?.[1] ?? 0) ?? "";
    const label = `<text x="${names - 8}" y="${y + tall / 2 + 3}" text-anchor="end">${escaped(name)}</text>`;
    const state =
      tall > 12
        ? `<text x="${names + 8}" y="${y + tall / 2 + 3}" class="on">${escaped(word)}</text>`
        : "";
    return label + cells.join("") + state;
  });
  return `<svg width="${width}" height="${height}">${rows.join("")}</svg>`;
}

/** A cell for each bucket and step of time, darker where more fell into it. */
export function heat(_panel: Panel, answers: readonly Drawn[], { width, height }: Box): string {
  const buckets = answers.toSorted((a, b) => boundOf(a) - boundOf(b));
  const rows = buckets.map(({ points }, i) =>
    points.map(([at, value]) => Math.max(0, value - (valueAt(buckets[i - 1], at) ?? 0))),
  );
  const most = Math.max(1e-9, ...rows.flat());
  const tall = (height - 4) / Math.max(1, rows.length);
  const cells = rows.map((row, i) => {
    const y = height - 4 - (i + 1) * tall;
    const wide = (width - 60) / Math.max(1, row.length);
    const rects = row.map((value, j) => {
      if (value === 0) return "";
      const opacity = 0.15 + 0.85 * (value / most);
      return `<rect x="${54 + j * wide}" y="${y}" width="${wide}" height="${tall - 1}" fill="#ef843c" opacity="${opacity.toFixed(2)}"/>`;
    });
    const bound = boundOf(buckets[i]);
    return `<text x="48" y="${y + tall / 2 + 4}" text-anchor="end">≤ ${format(bound, "s")}</text>${rects.join("")}`;
  });
  return `<svg width="${width}" height="${height}">${cells.join("")}</svg>`;
}

function boundOf(answer: Drawn | undefined): number {
  const le = answer?.labels["le"];
  return le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
}

function valueAt(answer: Drawn | undefined, at: number): number | undefined {
  return answer?.points.find(([time]) => time === at)?.[1];
}

function lastOf({ points }: Drawn): number {
  return points.at(-1)?.[1] ?? Number.NaN;
}

function inUnit(panel: Panel, value: number): string {
  const { unit = "short", decimals } = panel.fieldConfig?.defaults ?? {};
  return format(value, unit, decimals);
}

/** The columns that the panel keeps, under the names that it gives them. */
function columnsOf(panel: Panel): [string, string][] {
  const renaming = panel.transformations?.find(({ id }) => id === "organize");
  const names = (renaming?.options as { renameByName?: Record<string, string> })?.renameByName;
  return Object.entries(names ?? {});
}
