import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  type DashboardLink,
  DashboardLinkBuilder,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { DATASOURCE } from "./datasource.ts";

/** A question to Prometheus, and how each answer is called; `{{exchange}}` stands for a label's value. */
interface Query {
  readonly expr: string;
  readonly legend?: string;
}

/** From this value on the colour holds; null is everything below the first number. */
export type Step = readonly [from: number | null, color: "green" | "yellow" | "red" | "blue"];

/** What every panel says, whatever it looks like. */
export interface Look {
  readonly title: string;
  /** What is seen here, and what is normal. */
  readonly about: string;
  /** Grafana's name of a unit, such as `s`, `short`, `percentunit`. */
  readonly unit: string;
  /** The alert whose page in docs/runbooks says what to do when this looks wrong. */
  readonly runbook: string;
  readonly queries: readonly Query[];
  readonly steps?: readonly Step[];
  /** Of 24 columns. */
  readonly width: number;
  /** In rows of 30 pixels. */
  readonly height?: number;
  readonly decimals?: number;
}

/** What the builders of all kinds of panels share. */
interface Common<Self> extends Builder<Panel> {
  title(title: string): Self;
  description(text: string): Self;
  unit(unit: string): Self;
  datasource(source: typeof DATASOURCE): Self;
  span(width: number): Self;
  height(height: number): Self;
  decimals(count: number): Self;
  links(links: Builder<DashboardLink>[]): Self;
  thresholds(config: ThresholdsConfigBuilder): Self;
  targets(targets: Builder<Dataquery>[]): Self;
}

/** Whether a panel shows the time it covers, that as a histogram's buckets, or the last value alone. */
export type Reach = "range" | "buckets" | "instant";

/** Gives a panel what all of them have: words, source, queries, limits, and the way to its runbook. */
export function dress<B extends Common<B>>(panel: B, look: Look, reach: Reach): B {
  const { title, about, unit, runbook, queries, steps = [[null, "green"]], width } = look;
  const runbookLink = new DashboardLinkBuilder(`Runbook: ${runbook}`)
    .url(`\${runbooks}/${runbook}.md`)
    .targetBlank(true);
  panel
    .title(title)
    .description(about)
    .unit(unit)
    .datasource(DATASOURCE)
    .span(width)
    .height(look.height ?? 7)
    .links([runbookLink])
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps.map(thresholdOf)),
    )
    .targets(queries.map((query, i) => target(query, i, reach)));
  return look.decimals === undefined ? panel : panel.decimals(look.decimals);
}

function thresholdOf([value, color]: Step): Threshold {
  return { value, color };
}

function target({ expr, legend }: Query, index: number, reach: Reach): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .datasource(DATASOURCE)
    .refId("ABCDEFGH".charAt(index))
    .expr(expr);
  if (legend !== undefined) query.legendFormat(legend);
  if (reach === "instant") return query.instant().format(PromQueryFormat.Table);
  return reach === "range" ? query.range() : query.range().format(PromQueryFormat.Heatmap);
}
