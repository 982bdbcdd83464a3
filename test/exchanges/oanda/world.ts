import type { OandaAccount } from "../../../src/exchanges/oanda/account.ts";
import { createOandaMarketData } from "../../../src/exchanges/oanda/market-data.ts";
import { machineClock } from "../../../src/runtime/clock.ts";
import { Secret } from "../../../src/runtime/secret.ts";
import { ManualClock } from "../../kit/manual-clock.ts";
import { type OandaStandIn, startStandIn } from "./stand-in.ts";

/** A Wednesday in winter: the week began on Sunday at 22:00 UTC, and ends on Friday at 22:00 UTC. */
export const WEDNESDAY = Date.UTC(2026, 0, 7, 12, 10, 30);

/** The weekends before and after it, in which nobody quotes. */
export const WEEKENDS = [
  [Date.UTC(2026, 0, 2, 22), Date.UTC(2026, 0, 4, 22)],
  [Date.UTC(2026, 0, 9, 22), Date.UTC(2026, 0, 11, 22)],
] as const;

export async function openWorld(startMs = WEDNESDAY, deadlineMs = 5_000) {
  const clock = new ManualClock(startMs);
  const venue = await startStandIn(clock);
  venue.quiet.push(...WEEKENDS);
  const account: { current: () => OandaAccount } = { current: () => accountOf(venue) };
  const market = createOandaMarketData({
    account: async () => account.current(),
    clock,
    machineClock,
    baseUrl: venue.baseUrl,
    deadlineMs,
    random: () => 0.5,
  });
  const close = async (): Promise<void> => {
    await market.close();
    await venue.close();
  };
  return { clock, venue, account, market, close };
}

export type OandaWorld = Awaited<ReturnType<typeof openWorld>>;

/** The account that the stand-in lets in, in secrets of its own. */
export function accountOf({ token, accountId }: Pick<OandaStandIn, "token" | "accountId">) {
  return {
    apiKey: new Secret(token),
    accountId: new Secret(accountId),
    environment: "practice",
  } as const satisfies OandaAccount;
}
