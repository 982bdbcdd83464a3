import fc from "fast-check";
import { expect, test } from "vitest";
import { inPages } from "../../src/store/repositories/pages.ts";

test("pages put together are the list, up to the limit, and no page is longer than asked for", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat()),
      fc.integer({ min: 1, max: 9 }),
      fc.oneof(fc.nat(40), fc.constant(Number.POSITIVE_INFINITY)),
      async (list, pageSize, limit) => {
        const asked: number[] = [];
        const read = (rows: number, behind: number | undefined) => {
          asked.push(rows);
          const from = behind === undefined ? 0 : list.indexOf(behind) + 1;
          return Promise.resolve(list.slice(from, from + rows));
        };

        expect(await inPages(pageSize, limit, read)).toEqual(list.slice(0, limit));
        expect(Math.max(0, ...asked)).toBeLessThanOrEqual(pageSize);
        expect(asked.length).toBeLessThanOrEqual(list.length / pageSize + 1);
      },
    ),
  );
});
