import type { z } from "zod";
import type { brokers } from "../schemas/chatty.ts";
import type { Scene } from "./scene.ts";

type BrokerList = z.input<typeof brokers>;
type BrokerEntry = BrokerList["brokers"][number];

/** Brokers this hub knows of and has no account at. A field that holds a secret says so by name. */
const DECLARED: readonly BrokerEntry[] = [
  {
    id: "binance",
    name: "Binance",
    configured: false,
    connected: false,
    environment: "demo",
    auth_type: "api_key",
    fields: ["api_key", "secret_key"],
    description: "Spot, market orders",
  },
  {
    id: "oanda",
    name: "OANDA",
    configured: false,
    connected: false,
    environment: "demo",
    auth_type: "api_key",
    fields: ["api_key", "account_id", "environment"],
    description: "v20 REST",
  },
];

/** The broker in use, then those that could be. */
export function presentBrokers({ broker, isBrokerUp, liveMode }: Scene): BrokerList {
  const active: BrokerEntry = {
    id: broker.id,
    name: broker.name,
    configured: true,
    connected: isBrokerUp,
    environment: liveMode ? "live" : "demo",
    auth_type: "credentials",
    fields: [],
    description: broker.live ? "Real orders" : "Paper fills on market data; no real money",
  };
  const others = DECLARED.filter(({ id }) => id !== broker.id);
  return { brokers: [active, ...others], active_broker_id: broker.id };
}

/** What may become of a wish to trade with another broker. */
export type Choice =
  | { readonly kind: "active"; readonly id: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "unconfigured"; readonly name: string };

export function chooseBroker(scene: Scene, id: string): Choice {
  const entry = presentBrokers(scene).brokers.find((broker) => broker.id === id);
  if (entry === undefined) return { kind: "unknown" };
  return entry.configured ? { kind: "active", id } : { kind: "unconfigured", name: entry.name };
}
