import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { type ScaleLinear, type ScaleTime, scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import type { Drawn } from "./answers.ts";
import { escaped, format } from "./format.ts";
import { lineLook, paletteColour, stepColour } from "./look.ts";

export interface Box {
  readonly width: number;
  readonly height: number;
}

const EDGE = { top: 8, right: 10, bottom: 20, left: 58 };
type Stacked = Omit<Drawn, "points"> & {
  readonly points: readonly (readonly [at: number, low: number, high: number])[];
};

/** Lines, areas or bars over time, as SVG. */
export function chart(panel: Panel, answers: readonly Drawn[], { width, height }: Box): string {
  const look = lineLook(panel);
  const stacks = look.isStacked ? stack(answers) : answers.map(fromZero);
  const points = stacks.flatMap((one) => one.points);
  const highs = points.map(([, , high]) => high).filter(Number.isFinite);
  const limits = look.hasLimits ? limitsOf(panel) : [];
  const lowest = look.startsAtZero ? 0 : Math.min(...highs);
  const highest = Math.max(...highs, ...limits.slice(0, 1), lowest + 1e-9);
  const times = points.map(([at]) => at);
  const x = scaleUtc([Math.min(...times), Math.max(...times)], [EDGE.left, width - EDGE.right]);
  const y = scaleLinear([lowest, highest], [height - EDGE.bottom, EDGE.top]).nice(4);
  const marks = stacks.map((one, i) => {
    const colour = paletteColour(i);
    if (look.isBars) return barsOf(one, x, y, colour);
    return linesOf(one, x, y, colour, look.isStacked ? 0.35 : 0.08);
  });
  const unit = panel.fieldConfig?.defaults.unit ?? "short";
  const lines = limits.map((limit) => limitLine(limit, stepColour(panel, limit), y, width));
  return `<svg width="${width}" height="${height}">${grid(x, y, unit, width)}${marks.join("")}${lines.join("")}</svg>`;
}

/** Names and colours of what is drawn, in its order. */
export function legend(answers: readonly Drawn[]): string {
  const names = answers.map(
    ({ name }, i) => `<i style="background:${paletteColour(i)}"></i>${escaped(name)}`,
  );
  return `<div class="legend">${names.join(" ")}</div>`;
}

function limitsOf(panel: Panel): number[] {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  return steps.flatMap(({ value }) => (value === null ? [] : [value]));
}

function fromZero(one: Drawn): Stacked {
  return { ...one, points: one.points.map(([at, value]) => [at, 0, value]) };
}

/** Each on top of those before it, instant by instant. */
function stack(answers: readonly Drawn[]): Stacked[] {
  const reached = new Map<number, number>();
  return answers.map((one) => {
    const points = one.points.map(([at, value]) => {
      const low = reached.get(at) ?? 0;
      reached.set(at, low + value);
      return [at, low, low + value] as const;
    });
    return { ...one, points };
  });
}

type X = ScaleTime<number, number>;
type Y = ScaleLinear<number, number>;

function linesOf({ points }: Stacked, x: X, y: Y, colour: string, opacity: number): string {
  const below = Math.max(0, y.domain()[0] ?? 0);
  const fill = area<(typeof points)[number]>()
    .x(([at]) => x(at))
    .y0(([, low]) => y(Math.max(low, below)))
    .y1(([, , high]) => y(high));
  const edge = line<(typeof points)[number]>()
    .x(([at]) => x(at))
    .y(([, , high]) => y(high));
  const drawn = points.filter(([, , high]) => Number.isFinite(high));
  return `<path d="${fill([...drawn]) ?? ""}" fill="${colour}" opacity="${opacity}"/><path d="${edge([...drawn]) ?? ""}" fill="none" stroke="${colour}" stroke-width="1.4"/>`;
}

function barsOf({ points }: Stacked, x: X, y: Y, colour: string): string {
  const [first = 0, second = first + 1] = points.map(([at]) => x(at));
  const wide = Math.max(1, (second - first) * 0.85);
  const bars = points.map(([at, low, high]) => {
    const tall = Math.max(0, y(low) - y(high));
    return `<rect x="${x(at) - wide / 2}" y="${y(high)}" width="${wide}" height="${tall}" fill="${colour}"/>`;
  });
  return bars.join("");
}

function grid(x: X, y: Y, unit: string, width: number): string {
  const across = y.ticks(4).map((tick) => {
    const at = y(tick);
    return `<line x1="${EDGE.left}" x2="${width - EDGE.right}" y1="${at}" y2="${at}" class="grid"/><text x="${EDGE.left - 6}" y="${at + 4}" text-anchor="end">${escaped(format(tick, unit))}</text>`;
  });
  const bottom = (y.range()[0] ?? 0) + 15;
  const down = x.ticks(Math.max(2, Math.floor(width / 110))).map((tick) => {
    const time = tick.toISOString().slice(11, 19);
    return `<text x="${x(tick)}" y="${bottom}" text-anchor="middle">${time}</text>`;
  });
  return [...across, ...down].join("");
}

function limitLine(limit: number, colour: string, y: Y, width: number): string {
  const at = y(limit);
  if (at < EDGE.top) return "";
  return `<line x1="${EDGE.left}" x2="${width - EDGE.right}" y1="${at}" y2="${at}" stroke="${colour}" stroke-dasharray="6 4"/>`;
}
