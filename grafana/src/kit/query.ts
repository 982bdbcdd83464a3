/** Every selector names the hub that the reader chose: Prometheus may watch several. */
const CHOSEN = ['job=~"$job"', 'instance=~"$instance"'];

/** Matchers of the variables that a dashboard may offer. */
export const EXCHANGE = 'exchange=~"$exchange"';
export const TIMEFRAME = 'timeframe=~"$timeframe"';
export const PORTFOLIO = 'portfolio=~"$portfolio"';

/** The series of a metric, of the chosen hub, that fit all matchers. */
export function pick(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[...CHOSEN, ...matchers].join(", ")}}`;
}

/** How much a counter grows, each second. */
export function rate(metric: string, ...matchers: readonly string[]): string {
  return `rate(${pick(metric, ...matchers)}[$__rate_interval])`;
}

/** How much a counter grew within the time that the dashboard shows. */
export function grown(metric: string, ...matchers: readonly string[]): string {
  return `increase(${pick(metric, ...matchers)}[$__range])`;
}

export function sum(by: string, expr: string): string {
  return by === "" ? `sum(${expr})` : `sum by (${by}) (${expr})`;
}

export function max(by: string, expr: string): string {
  return by === "" ? `max(${expr})` : `max by (${by}) (${expr})`;
}

/** The quantile of a histogram, for each combination of the labels named in `by`. */
export function quantile(
  q: number,
  by: string,
  histogram: string,
  ...matchers: readonly string[]
): string {
  const labels = by === "" ? "le" : `${by}, le`;
  return `histogram_quantile(${q}, ${sum(labels, rate(`${histogram}_bucket`, ...matchers))})`;
}

/** The share of a histogram's observations within a bucket's bound, over the time shown. */
export function share(bound: string, histogram: string, ...matchers: readonly string[]): string {
  // Prometheus 3 writes 10 as 10.0; bounds with a fraction stay as they are.
  const le = bound.includes(".") ? `le="${bound}"` : `le=~"${bound}(\\\\.0)?"`;
  const within = sum("", grown(`${histogram}_bucket`, le, ...matchers));
  return `${within} / ${sum("", grown(`${histogram}_count`, ...matchers))}`;
}
