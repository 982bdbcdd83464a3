import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import { dress, type Look, type Step } from "./panel.ts";

export interface SeriesLook extends Look {
  /** Adds up what stands at one instant. */
  readonly stacked?: boolean;
  /** Shows the steps as lines across the chart. */
  readonly limits?: boolean;
}

/** Lines over time. */
export function lines(look: SeriesLook): TimeSeries {
  const panel = dress(new TimeSeries(), look, "range")
    .lineWidth(1)
    .fillOpacity(look.stacked === true ? 30 : 8)
    .showPoints(VisibilityMode.Never)
    .min(0)
    .legend(legend())
    .tooltip(tooltip());
  if (look.stacked === true) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (look.limits !== true) return panel;
  const style = new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed);
  return panel.thresholdsStyle(style);
}

/** Lines that may lie below zero, or far above it: the scale fits itself to them. */
export function free(look: SeriesLook): TimeSeries {
  const panel = dress(new TimeSeries(), look, "range");
  return panel
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Never)
    .legend(legend())
    .tooltip(tooltip());
}

/** What happened in each step of time, as stacked bars. */
export function bars(look: Look): TimeSeries {
  return dress(new TimeSeries(), look, "range")
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(80)
    .min(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
    .legend(legend())
    .tooltip(tooltip());
}

export interface StatLook extends Look {
  /** Words in place of numbers. */
  readonly words?: Readonly<Record<string, string>>;
  readonly noValue?: string;
}

/** The last value, large, on a ground that its step colours. */
export function stat(look: StatLook): Stat {
  const panel = dress(new Stat(), { height: 4, ...look }, "range")
    .colorMode(look.steps === undefined ? BigValueColorMode.None : BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(look.queries.length > 1 ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));
  if (look.noValue !== undefined) panel.noValue(look.noValue);
  return look.words === undefined ? panel : panel.mappings([wordsFor(look.words)]);
}

export interface TableLook extends Look {
  /** Columns after their labels; what is not named stays away. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The last values, a row for each combination of labels, the largest first. */
export function table(look: TableLook): Table {
  const value = look.columns["Value"] ?? "Value";
  return dress(new Table(), look, "instant")
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names: Object.keys(look.columns) } },
    })
    .withTransformation({ id: "organize", options: { renameByName: look.columns } })
    .sortBy([new TableSortByFieldStateBuilder().displayName(value).desc(true)])
    .overrideByName(value, colouredCells(look.steps));
}

/** How a histogram's observations lie, darker where they are many. */
export function heat(look: Look): Heatmap {
  return dress(new Heatmap(), look, "buckets")
    .calculate(false)
    .cellGap(1)
    .color(
      new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme("Oranges").steps(32),
    );
}

export interface TimelineLook extends Look {
  readonly words: Readonly<Record<string, string>>;
}

/** States over time, a row each. */
export function timeline(look: TimelineLook): StateTimeline {
  return dress(new StateTimeline(), look, "range")
    .mappings([wordsFor(look.words)])
    .fillOpacity(70)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .legend(new VizLegendOptionsBuilder().showLegend(false))
    .tooltip(tooltip());
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([]);
}

function tooltip(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
}

function wordsFor(words: Readonly<Record<string, string>>): ValueMapping {
  const entries = Object.entries(words).map(([value, text], index) => [value, { text, index }]);
  const options = Object.fromEntries(entries) as Record<string, { text: string; index: number }>;
  return { type: MappingType.ValueToText, options };
}

function colouredCells(steps: readonly Step[] | undefined): DynamicConfigValue[] {
  if (steps === undefined) return [];
  return [{ id: "custom.cellOptions", value: { type: "color-background" } }];
}
