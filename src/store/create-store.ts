import type { Database, Store } from "./port.ts";
import { accountStore } from "./repositories/account.ts";
import { candleStore } from "./repositories/candles.ts";
import { gapStore } from "./repositories/gaps.ts";
import { orderStore } from "./repositories/orders.ts";
import { positionStore } from "./repositories/positions.ts";
import { pulseStore } from "./repositories/pulse.ts";
import { queueStore } from "./repositories/queue.ts";
import { signalStore } from "./repositories/signals.ts";
import { watchStore } from "./repositories/watch.ts";

/** Puts the typed repositories in front of a database, whichever road leads to it. */
export function createStore(database: Database): Store {
  return {
    candles: candleStore(database),
    gaps: gapStore(database),
    watch: watchStore(database),
    trade: {
      ...accountStore(database),
      ...signalStore(database),
      ...queueStore(database),
      ...orderStore(database),
      ...positionStore(database),
    },
    pulse: pulseStore(database),
    database,
  };
}
