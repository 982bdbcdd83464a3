import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";

const COLOURS: Readonly<Record<string, string>> = {
  green: "#56a64b",
  yellow: "#e0b400",
  red: "#e02f44",
  blue: "#3274d9",
};
const PALETTE = [
  "#7eb26d",
  "#eab839",
  "#6ed0e0",
  "#ef843c",
  "#e24d42",
  "#1f78c1",
  "#ba43a9",
  "#705da0",
  "#508642",
  "#cca300",
];

export function paletteColour(index: number): string {
  return PALETTE[index % PALETTE.length] ?? "#7eb26d";
}

/** The colour of the highest step that a value reaches. */
export function stepColour(panel: Panel, value: number): string {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  const reached = steps.findLast((step) => step.value === null || value >= step.value);
  return COLOURS[reached?.color ?? "green"] ?? "#56a64b";
}

/** The word that the panel puts in the place of a value, where it does. */
export function wordFor(panel: Panel, value: number): string | undefined {
  const [mapping] = panel.fieldConfig?.defaults.mappings ?? [];
  const options = mapping?.options as Readonly<Record<string, { text?: string }>> | undefined;
  return options?.[String(value)]?.text;
}

/** What the builder set for the way that lines are drawn. */
export interface LineLook {
  readonly isBars: boolean;
  readonly isStacked: boolean;
  readonly hasLimits: boolean;
  readonly startsAtZero: boolean;
}

export function lineLook(panel: Panel): LineLook {
  const custom = (panel.fieldConfig?.defaults.custom ?? {}) as {
    drawStyle?: string;
    stacking?: { mode?: string };
    thresholdsStyle?: { mode?: string };
  };
  return {
    isBars: custom.drawStyle === "bars",
    isStacked: custom.stacking?.mode === "normal",
    hasLimits: custom.thresholdsStyle?.mode === "dashed",
    startsAtZero: panel.fieldConfig?.defaults.min === 0,
  };
}
