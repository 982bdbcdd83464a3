import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { queriesOf } from "../../../test/grafana/live/boards.ts";
import { fillIn } from "../../../test/grafana/live/fill-in.ts";
import type { Prometheus } from "../../../test/grafana/live/prometheus.ts";

/** What answers one query of a panel, named as its legend says. */
export interface Drawn {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `[ms, value]`, oldest first. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** Asks all queries of a panel; an instant one has a single point in each answer. */
export async function answersFor(
  prometheus: Prometheus,
  panel: Panel,
  span: Span,
): Promise<Drawn[]> {
  const found: Drawn[] = [];
  for (const { expr, instant, legendFormat } of queriesOf(panel)) {
    const from = instant ? span.toMs : span.fromMs;
    for (const { metric, values } of await prometheus.range(
      fillIn(expr),
      from,
      span.toMs,
      span.stepMs,
    )) {
      const points = values.map(([at, value]) => [at * 1_000, Number(value)] as const);
      const kept = points.filter(([, value]) => !Number.isNaN(value));
      if (kept.length === 0) continue;
      found.push({ name: nameOf(legendFormat, metric), labels: metric, points: kept });
    }
  }
  return found;
}

function nameOf(legend: string | undefined, labels: Readonly<Record<string, string>>): string {
  if (legend === undefined) return "";
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? "");
}
