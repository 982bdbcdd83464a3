/**
 * Reads up to `limit` rows of a long list, a page at a time, each behind the last row of the page
 * before. No answer grows without bound then, and rows that come meanwhile move nothing.
 */
export async function inPages<Row>(
  pageSize: number,
  limit: number,
  read: (rows: number, behind: Row | undefined) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  while (all.length < limit) {
    const rows = Math.min(pageSize, limit - all.length);
    const page = await read(rows, all.at(-1));
    all.push(...page);
    if (page.length < rows) break;
  }
  return all;
}
