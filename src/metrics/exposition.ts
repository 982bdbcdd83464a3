import { escaped, labelText, numeral } from "./text.ts";

/** What a metric is made known by. */
interface Head {
  readonly name: string;
  readonly help: string;
}

/** A metric that writes its own lines, or one of the library's that is read first. */
export type Metric =
  | (Head & { readonly type: string; lines(): string })
  | { get(): Promise<Head & { readonly type: unknown; readonly values: readonly Value[] }> };

interface Value {
  readonly labels: object;
  readonly value: number;
}

/**
 * Writes metrics as Prometheus reads them. The library can do that as well, but with several lists and
 * patterns for each line: thousands of lines would hold the hub up.
 */
export async function expositionOf(metrics: readonly Metric[]): Promise<string> {
  let text = "";
  for (const metric of metrics) {
    if ("lines" in metric) {
      text += `${headOf(metric.name, metric.help, metric.type)}${metric.lines()}\n`;
      continue;
    }
    const { name, help, type, values } = await metric.get();
    text += headOf(name, help, String(type));
    for (const { labels, value } of values) {
      const own = labelText(labels);
      text += `${name}${own === "" ? "" : `{${own}}`} ${numeral(value)}\n`;
    }
    text += "\n";
  }
  return text;
}

function headOf(name: string, help: string, type: string): string {
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n`;
}
