import { FAST_WINDOW_MS } from "../actors/harvester/retry-schedule.ts";
import type { Settings } from "../config/settings.ts";
import { closeTimeOf } from "../market/timeframe.ts";
import { type Clock, machineClock } from "../runtime/clock.ts";
import type { LeaseKeeper } from "../store/lease-keeper.ts";
import { exchangeLease } from "../store/lease-port.ts";
import type { Store } from "../store/port.ts";
import type { ActorTreeDeps } from "./actor-tree.ts";
import type { Exchanges } from "./exchanges.ts";
import { LivenessWatch } from "./liveness-watch.ts";
import type { Watching } from "./watch-events.ts";

/** However fast the hub's clock runs, the machine needs some time for its work, ms. */
const MACHINE_SLACK_MS = 3_000;
const MOST_GAPS = 1_000;

/** Begins to follow the work on every series, and hands on what the actors tell the kit. */
export async function watchLiveness(
  around: {
    readonly settings: Pick<Settings, "pollDelayMs" | "exchangeDeadlineMs" | "speed">;
    readonly store: Pick<Store, "gaps">;
    readonly exchanges: Exchanges;
    readonly leases: LeaseKeeper;
    readonly clock: Clock;
  },
  { events, view, forActors }: Watching,
): Promise<{
  readonly liveness: LivenessWatch;
  readonly onKitEvent: ActorTreeDeps["onKitEvent"];
}> {
  const { settings, store, exchanges, leases, clock } = around;
  const { pollDelayMs, exchangeDeadlineMs, speed } = settings;
  const machineMs = MACHINE_SLACK_MS + exchangeDeadlineMs;
  const liveness = new LivenessWatch({
    nowMs: (exchange) => exchanges.market(exchange)?.exchangeNowMs() ?? clock.nowMs(),
    machineClock,
    watched: () => {
      const { asOf, watched } = view.picture();
      return asOf === null ? undefined : watched;
    },
    isOurs: (exchange) => leases.fence(exchangeLease(exchange)) !== undefined,
    isTraded: ({ exchange, pair, timeframe }, openTime) =>
      exchanges.market(exchange)?.isOpen(pair, openTime, closeTimeOf(timeframe, openTime)) ?? true,
    graceMs: pollDelayMs + FAST_WINDOW_MS + machineMs * speed,
  });
  for (const state of ["pending", "missing", "empty"] as const) {
    const known = await store.gaps.list({ state, limit: MOST_GAPS });
    liveness.learn(
      known.map(({ openTime, ...series }) => ({ series, openTime })),
      state !== "empty",
    );
  }
  events.subscribe(({ event }) => liveness.onEvent(event));
  return {
    liveness,
    onKitEvent: (event) => {
      liveness.onKitEvent(event);
      forActors.onKitEvent(event);
    },
  };
}
