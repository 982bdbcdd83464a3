import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  ConstantVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATASOURCE } from "./datasource.ts";

/** What a reader may narrow a dashboard down to. */
export type Choice = "exchange" | "timeframe" | "portfolio";

/** Where Grafana serves the pages of docs/runbooks; see docs/operations.md. */
const RUNBOOKS = "/public/runbooks";

const CHOSEN = 'job=~"$job", instance=~"$instance"';
const VALUES: Readonly<Record<Choice, string>> = {
  exchange: `label_values(engine_series_watched{${CHOSEN}}, exchange)`,
  timeframe: `label_values(engine_series_watched{${CHOSEN}}, timeframe)`,
  portfolio: `label_values(engine_orders_total{${CHOSEN}}, portfolio)`,
};

/** Which Prometheus, which hub, and what the dashboard offers beyond that. */
export function variablesFor(choices: readonly Choice[]): Builder<VariableModel>[] {
  return [
    new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"),
    ask("job", "label_values(engine_build_info, job)"),
    ask("instance", 'label_values(engine_build_info{job=~"$job"}, instance)'),
    ...choices.map((choice) => ask(choice, VALUES[choice])),
    new ConstantVariableBuilder("runbooks").value(RUNBOOKS),
  ];
}

/** One or several of the values that a label has, or all of them. */
function ask(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name.charAt(0).toUpperCase() + name.slice(1))
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}
