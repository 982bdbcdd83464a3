import type { Markets } from "../actors/trader/outside.ts";
import { createPaperBroker, type PaperBrokerSettings } from "../exchanges/paper/broker.ts";
import type { Broker } from "../exchanges/port.ts";
import type { Store } from "../store/port.ts";
import type { Exchanges } from "./exchanges.ts";

interface PaperBrokerDeps extends Pick<PaperBrokerSettings, "clock" | "random"> {
  readonly exchanges: Pick<Exchanges, "instrument">;
  readonly store: Pick<Store, "paper">;
  /** Which orders go astray. */
  readonly orderFault: NonNullable<PaperBrokerSettings["fault"]>;
}

/** Paper money against the venue's real depth; what it did is in the database. */
export function paperBroker(
  { exchanges, clock, random, store, orderFault }: PaperBrokerDeps,
  marketData: Markets,
): Broker {
  return createPaperBroker({
    id: "paper",
    marketData,
    instruments: (exchange, pair) => exchanges.instrument(exchange, pair),
    clock,
    random,
    ledger: store.paper,
    fault: orderFault,
  });
}
