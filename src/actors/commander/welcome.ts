import type { MarketData } from "../../exchanges/port.ts";
import type { Clock } from "../../runtime/clock.ts";
import { checkPair } from "./check-pair.ts";
import { checkWish, refused } from "./check-wish.ts";
import type { Following } from "./following.ts";
import type { Joined, Joining, WatchAnswer, WatchOrder } from "./protocol.ts";

export interface WelcomeDeps {
  readonly exchanges: readonly string[];
  /** Opens an exchange to ask it something; undefined for one that the hub does not know. */
  readonly reach: (exchange: string) => Promise<MarketData | undefined>;
  readonly machineClock: Clock;
  readonly following: Pick<Following, "get" | "venue">;
  /** Writes the series down and starts what it needs, in the commander's own turn. */
  readonly join: (joining: Joining) => Promise<Joined>;
}

/**
 * Brings a wish from its words to an armed analyst. What the exchange has to answer is waited for
 * beside the commander's turn, for minutes where the exchange is silent: nobody else's exchange, and
 * no other wish, waits behind it.
 */
export async function welcome(deps: WelcomeDeps, order: WatchOrder): Promise<WatchAnswer> {
  const { exchanges, reach, machineClock, join } = deps;
  const startedAt = machineClock.monotonicMs();
  const series = checkWish(order, exchanges);
  if ("kind" in series) return series;
  const { exchange } = series;
  const traded = await checkPair(reach, series);
  if (traded.kind === "not-traded") {
    return refused("pair", `${exchange} does not trade ${series.pair}`, traded.similar);
  }
  if (traded.kind === "barred") return refused("exchange", traded.reason, []);
  const { portfolio, by } = order;
  const { wasThere, isOurs } = await join({ series, portfolio, by });
  if (wasThere) return { kind: "already-watched", series };
  const waiting = isOurs
    ? await arm(deps.following, series)
    : `another hub looks after ${exchange}`;
  if (waiting !== undefined) return { kind: "arming", series, reason: waiting };
  return { kind: "added", series, armedInMs: machineClock.monotonicMs() - startedAt };
}

/** Has history loaded and the analyst ready; answers why not yet. */
async function arm(
  following: WelcomeDeps["following"],
  series: Joining["series"],
): Promise<string | undefined> {
  const venue = await following.venue(series.exchange);
  if (venue === undefined) return "cannot be opened yet";
  const follower = following.get(series);
  return follower === undefined ? "it was let go again" : follower.arm(venue);
}
