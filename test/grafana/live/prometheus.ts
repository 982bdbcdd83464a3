import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Daemon } from "./daemon.ts";

/** One of the series that answer a query over time. */
export interface Matrix {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [at: number, value: string])[];
}

export interface Watched {
  /** Origins of the hubs to scrape. */
  readonly hubs: readonly string[];
  /** Files of rules, which may have wildcards. */
  readonly rules: readonly string[];
  readonly alertmanager?: string;
}

/** A real Prometheus that scrapes and judges four times a second. */
export class Prometheus {
  readonly #daemon: Daemon;

  private constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  static async start(watched: Watched): Promise<Prometheus> {
    const daemon = await Daemon.start("prometheus", (folder) => {
      const config = join(folder, "prometheus.yml");
      writeFileSync(config, stringify(configOf(watched)));
      return [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        "--web.listen-address=127.0.0.1:0",
        "--query.lookback-delta=30s",
      ];
    });
    return new Prometheus(daemon);
  }

  get url(): string {
    return this.#daemon.url;
  }

  /** @throws with Prometheus' own words when it cannot make sense of the query. */
  async range(query: string, fromMs: number, toMs: number, stepMs: number): Promise<Matrix[]> {
    const times = { start: String(fromMs / 1_000), end: String(toMs / 1_000) };
    const data = await this.#ask("query_range", { query, ...times, step: String(stepMs / 1_000) });
    return (data as { result: Matrix[] }).result;
  }

  /** The answer at this instant, as `[labels, value]`. */
  async now(query: string): Promise<(readonly [Readonly<Record<string, string>>, number])[]> {
    const data = (await this.#ask("query", { query })) as {
      readonly resultType: string;
      readonly result: readonly { metric: Record<string, string>; value: [number, string] }[];
    };
    return data.resultType === "vector"
      ? data.result.map(({ metric, value }) => [metric, Number(value[1])] as const)
      : [];
  }

  /** The values that a label has in the series that fit. */
  async labelValues(label: string, match: string): Promise<string[]> {
    return (await this.#ask(`label/${label}/values`, { "match[]": match })) as string[];
  }

  /** Every rule with its health, as Prometheus judges it. */
  async rules(): Promise<{ name: string; health: string; lastError?: string; query: string }[]> {
    const data = (await this.#ask("rules", {})) as {
      groups: { rules: { name: string; health: string; lastError?: string; query: string }[] }[];
    };
    return data.groups.flatMap(({ rules }) => rules);
  }

  stop(): Promise<void> {
    return this.#daemon.stop();
  }

  async #ask(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const answer = await fetch(
      `${this.url}/api/v1/${path}?${new URLSearchParams(query).toString()}`,
    );
    const body = (await answer.json()) as { status: string; error?: string; data: unknown };
    if (body.status !== "success") throw new Error(body.error ?? `status ${answer.status}`);
    return body.data;
  }
}

function configOf({ hubs, rules, alertmanager }: Watched): object {
  const targets = alertmanager === undefined ? [] : [new URL(alertmanager).host];
  return {
    global: { scrape_interval: "250ms", scrape_timeout: "250ms", evaluation_interval: "250ms" },
    rule_files: rules,
    alerting: { alertmanagers: [{ static_configs: [{ targets }] }] },
    scrape_configs: [
      { job_name: "engine", static_configs: [{ targets: hubs.map((hub) => new URL(hub).host) }] },
    ],
  };
}
