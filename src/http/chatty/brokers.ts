import type { z } from "zod";
import type { brokers } from "../schemas/chatty.ts";
import type { Scene } from "./scene.ts";

type BrokerList = z.input<typeof brokers>;
type BrokerEntry = BrokerList["brokers"][number];

/** Venues an account can be set up for. A field that holds a secret says so by name. */
const DECLARED = [
  {
    id: "binance",
    name: "Binance",
    auth_type: "api_key",
    fields: ["api_key", "secret_key"],
    description: "Spot, market orders",
  },
  {
    id: "oanda",
    name: "OANDA",
    auth_type: "api_key",
    fields: ["api_key", "account_id", "environment"],
    description: "v20 REST",
  },
] as const;

/** The broker in use, then those that could be. */
export function presentBrokers({ broker, isBrokerUp, liveMode, standing }: Scene): BrokerList {
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
  const others = DECLARED.filter(({ id }) => id !== broker.id).map((declared): BrokerEntry => {
    const { state, environment } = standing(declared.id) ?? {};
    return {
      ...declared,
      configured: state === "set-up",
      // Credentials alone are no connection: no broker for real orders is armed.
      connected: false,
      environment: environment === "live" ? "live" : "demo",
    };
  });
  return { brokers: [active, ...others], active_broker_id: broker.id };
}

/** What may become of a wish to trade with another broker. */
export type Choice =
  | { readonly kind: "active"; readonly id: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "unconfigured"; readonly name: string }
  /** Its credentials are set up, and real orders are not allowed. */
  | { readonly kind: "unarmed"; readonly name: string };

export function chooseBroker(scene: Scene, id: string): Choice {
  const entry = presentBrokers(scene).brokers.find((broker) => broker.id === id);
  if (entry === undefined) return { kind: "unknown" };
  if (id === scene.broker.id) return { kind: "active", id };
  return { kind: entry.configured ? "unarmed" : "unconfigured", name: entry.name };
}
