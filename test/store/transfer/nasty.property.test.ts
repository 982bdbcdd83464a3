import fc from "fast-check";
import { expect, test } from "vitest";
import { binaryRows } from "./digest.ts";
import { folder } from "./folder.ts";
import { insertNasty, nastyRows } from "./nasty.ts";
import { embeddedRoad, exportLines, importFrom, postgresRoad, restRoad } from "./world.ts";

const from = embeddedRoad();
const roads = { postgres: postgresRoad(), rest: restRoad() };
const file = folder();

test("whatever a column can hold arrives as it left", async () => {
  await fc.assert(
    fc.asyncProperty(nastyRows, fc.constantFrom("postgres", "rest"), async (rows, road) => {
      const to = roads[road];
      await from.clear();
      await to.clear();
      await insertNasty(from.place, rows);

      const left = await exportLines(from, file("nasty.jsonl"));
      await importFrom(file("nasty.jsonl"), to);

      const arrived = await exportLines(to, file("nasty-again.jsonl"));
      expect(arrived.lines).toEqual(left.lines);
      expect(await binaryRows(to.place)).toEqual(await binaryRows(from.place));
    }),
    { numRuns: 6 },
  );
}, 240_000);
