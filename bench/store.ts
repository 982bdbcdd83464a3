import { big } from "./store/big.ts";
import { bulk } from "./store/bulk.ts";
import { closes } from "./store/closes.ts";
import { rereads } from "./store/rereads.ts";
import { openRoads } from "./store/roads.ts";
import { Sheet } from "./store/sheet.ts";

const ROWS = 10_000_000;

/**
 * Measures every road to the database as it runs in production: disk sync, provenance and hash
 * chain on. Compared sides take turns, so trust the ratios. `--rows=100000` makes it quick.
 */
export async function run(options: readonly string[]): Promise<void> {
  const given = options.find((option) => option.startsWith("--rows="));
  const rows = given === undefined ? ROWS : Number(given.slice("--rows=".length));
  const sheet = new Sheet();
  const roads = await openRoads();
  try {
    console.log(`first start, schema included: ${roads.firstStartMs.toFixed(0)} ms`);
    await bulk(roads, sheet);
    await closes(roads, sheet);
    await rereads(roads, sheet);
    await big(roads, sheet, rows);
    sheet.print();
  } finally {
    await roads.close();
  }
}
