import { expect, test } from "vitest";
import type { Database } from "../../src/store/port.ts";
import { candleStore } from "../../src/store/repositories/candles.ts";

const DAY = 86_400_000;

test("months of candles are made a call each, once, however long the span", async () => {
  const calls: unknown[] = [];
  const database: Pick<Database, "call"> = {
    call: async (_fn, args) => calls.push(args),
  };
  const candles = candleStore(database as Database);
  const from = Date.UTC(2024, 0, 31, 12);

  await candles.ensurePartitions("5m", from, Date.UTC(2024, 3, 1));
  await candles.ensurePartitions("5m", from - 40 * DAY, from);
  await candles.ensurePartitions("1h", from, from + 4_000 * DAY);

  const made = [from, Date.UTC(2024, 1), Date.UTC(2024, 2), Date.UTC(2024, 3), from - 40 * DAY];
  expect(calls).toEqual(made.map((at) => ({ p_from: at, p_to: at, p_tf: 5 })));
});
