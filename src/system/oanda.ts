import type { SentinelProtocol } from "../actors/sentinel/protocol.ts";
import { ExchangeFailure } from "../exchanges/errors.ts";
import { notSetUp, type OandaAccount, oandaAccount } from "../exchanges/oanda/account.ts";
import {
  createOandaMarketData,
  type OandaMarketDataSettings,
} from "../exchanges/oanda/market-data.ts";
import type { MarketData } from "../exchanges/port.ts";
import { AskFailure } from "../runtime/ask-failure.ts";
import type { Ref } from "../runtime/protocol.ts";
import type { LeaseHolder } from "../vault/broker/holder.ts";
import { LeaseKey } from "../vault/broker/sealed-lease.ts";
import type { LeaseAnswer } from "../vault/lease.ts";

/** Id of the exchange, and of the secret with its account. */
export const OANDA = "oanda";
export const OANDA_SECRET = "broker:oanda";

/** What its account is borrowed for here. */
const MARKET_DATA = "market-data";

/** Longest wait for the sentinel, which may have to ask a vault that is slow, machine ms. */
const LEASE_TIMEOUT_MS = 30_000;

/** Opens market data of OANDA with an account that is borrowed anew whenever its lease is over. */
export function openOanda(
  settings: Omit<OandaMarketDataSettings, "account">,
  holder: LeaseHolder,
): MarketData {
  return createOandaMarketData({ ...settings, account: async () => borrow(holder) });
}

async function borrow(holder: LeaseHolder): Promise<OandaAccount> {
  const answer = await holder.lease().catch((error: unknown): LeaseAnswer => {
    // The sentinel is restarting, or its vault takes too long.
    if (error instanceof AskFailure) return { kind: "unavailable", reason: error.message };
    throw error;
  });
  switch (answer.kind) {
    case "granted":
      return oandaAccount(answer.lease.parts);
    case "absent":
      throw notSetUp("OANDA_API_KEY", "OANDA_ACCOUNT_ID");
    case "denied":
      throw new ExchangeFailure(OANDA, "permanent", answer.reason);
    case "unavailable":
      throw new ExchangeFailure(OANDA, "transient", `no account: ${answer.reason}`);
  }
}

/** Asks the sentinel for the account, from its own process. */
export function askForOanda(sentinel: Ref<SentinelProtocol>): Promise<LeaseAnswer> {
  const wish = { who: "exchanges", secret: OANDA_SECRET, purpose: MARKET_DATA } as const;
  return sentinel.ask("lease", wish, { timeoutMs: LEASE_TIMEOUT_MS });
}

/** The same from another process: what comes back can be read with the key of this one wish only. */
export async function askForOandaSealed(sentinel: Ref<SentinelProtocol>): Promise<LeaseAnswer> {
  const key = new LeaseKey();
  const wish = { secret: OANDA_SECRET, purpose: MARKET_DATA, publicKey: key.publicKey } as const;
  const answer = await sentinel.ask("leaseSealed", wish, { timeoutMs: LEASE_TIMEOUT_MS });
  return answer.kind === "granted" ? { ...answer, lease: key.open(answer.lease) } : answer;
}
