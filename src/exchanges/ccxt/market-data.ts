import type { Clock } from "../../runtime/clock.ts";
import { createLimiter, type Limiter } from "../limiter/limiter.ts";
import { type BudgetPart, limitsFor } from "../limiter/limits.ts";
import { PaidCalls } from "../paid-calls.ts";
import type { MarketData } from "../port.ts";
import { ServerClock } from "../server-clock.ts";
import { hostRule } from "../transport/allowed-hosts.ts";
import { createTransport } from "../transport/transport.ts";
import { CcxtMarketData } from "./ccxt-market-data.ts";
import { toFailure } from "./errors/to-failure.ts";
import { openClient } from "./open-client.ts";
import type { Venue } from "./venue.ts";
import { venueOf } from "./venues.ts";

export interface CcxtMarketDataSettings {
  /** One of {@link CCXT_EXCHANGES}. */
  readonly exchange: string;
  /** The clock the hub and its market run on; the budget and bans are counted on it. */
  readonly clock: Clock;
  /** The machine's clock; the deadline runs on it. */
  readonly machineClock: Clock;
  /** Where the venue is, e.g. `http://127.0.0.1:5001`; the real venue when left out. */
  readonly baseUrl?: string | undefined;
  /** Limit of one request once it is sent, body included, machine ms. The wait for budget comes before. */
  readonly deadlineMs: number;
  /** Replaces the rule which hosts may be called; see `hostRule`. */
  readonly allowHost?: ((host: string) => boolean) | undefined;
  /** 0 to below 1, as Math.random; spreads the end of a ban. */
  readonly random: () => number;
  /** Whose calls these are, where another process makes others from this address. @default "all" */
  readonly budgetPart?: BudgetPart;
  /** Most sockets open at once. @default 20 */
  readonly maxSockets?: number;
  /** The limiter of this exchange and address, when somebody else calls it from here too. */
  readonly limiter?: Limiter;
}

/**
 * Opens market data of one exchange through ccxt. Sends nothing yet: the instruments are loaded
 * with the first call that needs them, and again with the next one after a failure.
 * @throws RangeError for an exchange without a row in the table of venues.
 */
export async function createCcxtMarketData(settings: CcxtMarketDataSettings): Promise<MarketData> {
  const venue = venueOf(settings.exchange);
  const { clock, random, baseUrl, deadlineMs, maxSockets = 20, budgetPart = "all" } = settings;
  const limiter =
    settings.limiter ??
    createLimiter(
      { exchange: venue.id, clock, random },
      { ...limitsFor(budgetPart, venue.limits), maxInFlight: maxSockets },
    );
  const transport = createTransport({
    machineClock: settings.machineClock,
    deadlineMs,
    mayVisit: hostRule(venue.hosts, baseUrl, settings.allowHost),
    maxSockets,
    onHeaders: (headers) => noteUsed(venue, limiter, headers),
  });
  const serverClock = new ServerClock(clock);
  const exchangeNowMs = (): number => serverClock.nowMs();
  const client = await openClient(venue, transport, { deadlineMs, baseUrl, exchangeNowMs });
  const calls = new PaidCalls(limiter, (thrown) => toFailure(venue, "read", clock.nowMs(), thrown));
  return new CcxtMarketData({ venue, client, calls, transport, clock, serverClock });
}

function noteUsed(venue: Venue, limiter: Limiter, headers: Readonly<Record<string, string>>): void {
  if (venue.usedWeightHeader === undefined) return;
  const used = headers[venue.usedWeightHeader];
  if (used !== undefined && /^\d+$/.test(used)) limiter.noteUsed(Number(used));
}
