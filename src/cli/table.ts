/** A column: its heading, and what stands in it for a row. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => unknown;
}

/** Between columns; enough to tell them apart without lines. */
const GAP = "  ";

/** Lays rows out under their headings; columns of nothing but numbers stand to the right. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ of }) => cell(of(row))));
  const lines = [columns.map(({ title }) => title), ...cells];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  const isNumeric = columns.map(
    (_, i) => cells.length > 0 && cells.every((line) => /^-?[\d.]*$/.test(line[i] ?? "")),
  );
  const pad = (text: string, i: number): string =>
    isNumeric[i] === true ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
  return lines.map((line) => line.map(pad).join(GAP).trimEnd()).join("\n");
}

/**
 * One value as text on one line. Control characters are taken out: an exchange's words must not
 * steer the terminal.
 */
export function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text =
    typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

/** An instant, given in UTC ms or as ISO text, to the second. */
export function instant(value: unknown): string {
  if (value === undefined || value === null) return "";
  const time = new Date(value as string | number);
  if (Number.isNaN(time.getTime())) return cell(value);
  return `${time.toISOString().slice(0, 19).replace("T", " ")}Z`;
}
