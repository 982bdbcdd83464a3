import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStore } from "../../../src/store/create-store.ts";
import { type EmbeddedServer, startEmbedded } from "../../../src/store/embedded/server.ts";
import { openPgDatabase } from "../../../src/store/pg/database.ts";
import { migrate } from "../../../src/store/pg/migrate.ts";
import { sql } from "../../kit/sql.ts";
import { emptyDataDir, FAST, MIGRATIONS_DIR } from "../../kit/store.ts";
import { DAY, MONDAY } from "../builders.ts";

let server: EmbeddedServer;
const dataDir = emptyDataDir();
const before = mkdtempSync(join(tmpdir(), "hub-migrations-"));

beforeAll(async () => {
  server = await startEmbedded({ dataDir, settings: FAST });
  for (const file of readdirSync(MIGRATIONS_DIR)) {
    if (file < "20261123001000") cpSync(join(MIGRATIONS_DIR, file), join(before, file));
  }
});

afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(before, { recursive: true, force: true });
});

test("an account that traded before its worth was noted starts with its day, and its fills are no deposit", async () => {
  await migrate(server, before);
  await sql(
    server,
    `insert into hub.account (broker, currency, cash, starting_cash, peak_equity, day_start_equity, day_start)
      values ('paper', 'USDT', 949.65, 1000, 1100, 1050, '2026-01-05Z')`,
  );
  await sql(
    server,
    `insert into hub.orders (client_order_id, origin, portfolio, exchange, pair, side, quantity,
        reference_price, strategy, created_at, state)
      values ('o-1', 'stop-loss', 'p', 'binance', 'BTC/USDT', 'buy', 0.5, 100, 's', now(), 'created')`,
  );
  await sql(
    server,
    `insert into hub.fills (client_order_id, id, exchange, pair, side, quantity, price, fee, fee_currency,
        liquidity, filled_at)
      values ('o-1', 'f-1', 'binance', 'BTC/USDT', 'buy', 0.5, 100.6, 0.05, 'USDT', 'taker', now())`,
  );

  await migrate(server, MIGRATIONS_DIR);

  const database = await openPgDatabase({ socketDir: server.socketDir });
  const { trade } = createStore(database);
  await trade.mark("1060", MONDAY + 1);
  await trade.mark("1061", MONDAY + DAY);
  const days = await trade.equityDays(0);
  await database.close();
  expect(days.map(({ open, close, flow }) => [open, close, flow])).toEqual([
    ["1050", "1060", "0"],
    ["1060", "1061", "0"],
  ]);
}, 60_000);
