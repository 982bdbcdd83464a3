/** A number as Grafana would write it in a unit, short enough for an axis. */
export function format(value: number, unit: string, decimals?: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "no value";
  switch (unit) {
    case "s":
      return duration(value);
    case "bytes":
      return scaled(value, 1_024, ["B", "KiB", "MiB", "GiB", "TiB"]);
    case "percentunit":
      return `${(value * 100).toFixed(decimals ?? (Math.abs(value) < 0.01 ? 2 : 1))} %`;
    case "short":
      return decimals === undefined
        ? scaled(value, 1_000, ["", "k", "M", "G"])
        : value.toFixed(decimals);
    default:
      return `${scaled(value, 1_000, ["", "k", "M", "G"])}/s`;
  }
}

function duration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  if (size < 0.001) return `${(seconds * 1e6).toFixed(0)} µs`;
  if (size < 1) return `${round(seconds * 1_000)} ms`;
  if (size < 120) return `${round(seconds)} s`;
  if (size < 7_200) return `${round(seconds / 60)} min`;
  return size < 172_800 ? `${round(seconds / 3_600)} h` : `${round(seconds / 86_400)} d`;
}

function scaled(value: number, base: number, names: readonly string[]): string {
  let left = value;
  let step = 0;
  while (Math.abs(left) >= base && step < names.length - 1) {
    left /= base;
    step += 1;
  }
  return `${round(left)} ${names[step] ?? ""}`.trim();
}

function round(value: number): string {
  const size = Math.abs(value);
  return String(Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)));
}

/** Text that stands in a page as it is. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
