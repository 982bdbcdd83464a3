import { readFileSync } from "node:fs";

/** A row of a table, its cells by the heads of their columns; code is freed of its backticks. */
export type TableRow = Readonly<Record<string, string>>;

/** The table under a heading of docs/failure-modes.md. */
export function failureTable(heading: string): readonly TableRow[] {
  const page = readFileSync("docs/failure-modes.md", "utf8");
  const [, below = ""] = page.split(`\n### ${heading}\n`);
  const lines = below.split(/\n#/)[0]?.split("\n") ?? [];
  const [heads = [], , ...rows] = lines.filter((line) => line.startsWith("| ")).map(cellsOf);
  return rows.map((cells) => Object.fromEntries(heads.map((head, i) => [head, cells[i] ?? ""])));
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000 };

/** A length of time as the tables write it, ms. */
export function durationOf(text: string): number {
  if (text === "at once" || text === "—") return 0;
  const [, count = "", unit = ""] = /^(\d+) (s|min|h)$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined) throw new RangeError(`"${text}" is no length of time`);
  return Number(count) * unitMs;
}

function cellsOf(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
}
