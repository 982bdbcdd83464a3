/** What Grafana puts in the place of its variables, for a dashboard that shows the last half minute. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/\$__rate_interval\b/g, "5s"],
  [/\$__range\b/g, "30s"],
  [/\$__interval\b/g, "1s"],
  // All of what can be chosen.
  [/\$(?:job|instance|exchange|timeframe|portfolio)\b/g, ".+"],
];

/** A query of a dashboard as Grafana would send it. */
export function fillIn(expr: string): string {
  const filled = VALUES.reduce((text, [variable, value]) => text.replace(variable, value), expr);
  const left = /\$\w+/.exec(filled)?.[0];
  if (left !== undefined) throw new Error(`nobody knows ${left} in: ${expr}`);
  return filled;
}
