import type { Database, Store } from "./port.ts";
import { accountStore } from "./repositories/account.ts";
import { candleStore } from "./repositories/candles.ts";
import { gapStore } from "./repositories/gaps.ts";
import { haltStore } from "./repositories/halts.ts";
import { leaseStore } from "./repositories/leases.ts";
import { ledgerStore } from "./repositories/ledger.ts";
import { notificationStore } from "./repositories/notifications.ts";
import { orderStore } from "./repositories/orders.ts";
import { outboxStore } from "./repositories/outbox.ts";
import { paperLedger } from "./repositories/paper.ts";
import { positionStore } from "./repositories/positions.ts";
import { pulseStore } from "./repositories/pulse.ts";
import { queueStore } from "./repositories/queue.ts";
import { requestStore } from "./repositories/requests.ts";
import { runStore } from "./repositories/runs.ts";
import { signalStore } from "./repositories/signals.ts";
import { tokenStore } from "./repositories/tokens.ts";
import { traceStore } from "./repositories/traces.ts";
import { upkeepStore } from "./repositories/upkeep.ts";
import { watchStore } from "./repositories/watch.ts";

/** Puts the typed repositories in front of a database, whichever road leads to it. */
export function createStore(database: Database): Store {
  return {
    candles: candleStore(database),
    gaps: gapStore(database),
    ledger: ledgerStore(database),
    watch: watchStore(database),
    trade: {
      ...accountStore(database),
      ...haltStore(database),
      ...signalStore(database),
      ...queueStore(database),
      ...orderStore(database),
      ...positionStore(database),
    },
    traces: traceStore(database),
    paper: paperLedger(database),
    leases: leaseStore(database),
    pulse: pulseStore(database),
    upkeep: upkeepStore(database),
    runs: runStore(database),
    outbox: outboxStore(database),
    notifications: notificationStore(database),
    tokens: tokenStore(database),
    requests: requestStore(database),
    database,
  };
}
