import type { Clock } from "../../runtime/clock.ts";
import { createLimiter } from "../limiter/limiter.ts";
import { type BudgetPart, limitsFor } from "../limiter/limits.ts";
import { PaidCalls } from "../paid-calls.ts";
import type { MarketData } from "../port.ts";
import { ServerClock } from "../server-clock.ts";
import { hostRule } from "../transport/allowed-hosts.ts";
import { createTransport } from "../transport/transport.ts";
import type { OandaAccount } from "./account.ts";
import { OANDA_HOSTS, OandaClient } from "./client.ts";
import { OandaMarketData } from "./oanda-market-data.ts";
import { toFailure } from "./to-failure.ts";

export interface OandaMarketDataSettings {
  /** The account in use now; asked for each request, so it had better be at hand. */
  readonly account: () => Promise<OandaAccount>;
  /** The clock the hub and its market run on; the budget and bans are counted on it. */
  readonly clock: Clock;
  /** The machine's clock; the deadline runs on it. */
  readonly machineClock: Clock;
  /** Where a stand-in is, e.g. `http://127.0.0.1:5001`; OANDA itself when left out. */
  readonly baseUrl?: string | undefined;
  /** Limit of one request once it is sent, body included, machine ms. */
  readonly deadlineMs: number;
  /** 0 to below 1, as Math.random; spreads the end of a ban. */
  readonly random: () => number;
  /** Whose calls these are, where another process makes others from this address. @default "all" */
  readonly budgetPart?: BudgetPart;
}

/** OANDA cuts an address off at 120 requests a second, and asks for no more than 100. */
const LIMITS = { budget: 100, windowMs: 1_000 } as const;

/** It allows two new connections a second. */
const SOCKETS = 2;

/** Opens market data of OANDA. Sends nothing yet. */
export function createOandaMarketData(settings: OandaMarketDataSettings): MarketData {
  const {
    account,
    clock,
    machineClock,
    baseUrl,
    deadlineMs,
    random,
    budgetPart = "all",
  } = settings;
  const limiter = createLimiter(
    { exchange: "oanda", clock, random },
    { ...limitsFor(budgetPart, LIMITS), maxInFlight: SOCKETS },
  );
  const transport = createTransport({
    machineClock,
    deadlineMs,
    mayVisit: hostRule(OANDA_HOSTS, baseUrl, undefined),
    maxSockets: SOCKETS,
  });
  return new OandaMarketData({
    client: new OandaClient({ account, transport, baseUrl }),
    calls: new PaidCalls(limiter, (thrown) => toFailure(clock.nowMs(), thrown)),
    transport,
    clock,
    serverClock: new ServerClock(clock),
  });
}
