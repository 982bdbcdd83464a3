import type { Secret } from "../../runtime/secret.ts";
import { type BrokerEnvironment, readEnvironment } from "../../vault/broker/environment.ts";
import { ExchangeFailure } from "../errors.ts";

/** What OANDA asks of its callers. */
export interface OandaAccount {
  readonly apiKey: Secret;
  readonly accountId: Secret;
  readonly environment: BrokerEnvironment;
}

/** What the parts of an account are called where people set them up. */
export const KEY_NAMES = {
  apiKey: "OANDA_API_KEY",
  accountId: "OANDA_ACCOUNT_ID",
  environment: "OANDA_ENVIRONMENT",
} as const;

/**
 * Makes an account of the parts of a lent secret.
 * @throws ExchangeFailure naming what is wrong with them, never what they hold.
 */
export function oandaAccount(parts: Readonly<Record<string, Secret>>): OandaAccount {
  const { apiKey, accountId, environment } = parts;
  if (apiKey === undefined) throw notSetUp(KEY_NAMES.apiKey);
  if (accountId === undefined) throw notSetUp(KEY_NAMES.accountId);
  const world =
    environment === undefined ? readEnvironment(undefined) : environment.use(readEnvironment);
  if (world === undefined) {
    throw permanent(`${KEY_NAMES.environment} says neither practice, demo nor live`);
  }
  return { apiKey, accountId, environment: world };
}

/** That a key is nowhere to be found, and how to change that; others may be needed beside it. */
export function notSetUp(key: string, ...beside: readonly string[]): ExchangeFailure {
  const others = beside.map((other) => `, and ${other} likewise`).join("");
  return permanent(`${key} is not set up: hub vault put ${key}${others}`);
}

function permanent(message: string): ExchangeFailure {
  return new ExchangeFailure("oanda", "permanent", message);
}
