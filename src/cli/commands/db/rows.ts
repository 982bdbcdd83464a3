/** How much an export holds, in words. */
export function totalRows(rows: Readonly<Record<string, number>>): string {
  const counts = Object.values(rows);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return `${String(total)} rows of ${String(counts.length)} tables`;
}
