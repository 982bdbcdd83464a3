import type { ArchitectProtocol } from "../actors/architect/protocol.ts";
import type { CommanderProtocol } from "../actors/commander/protocol.ts";
import { Harvester } from "../actors/harvester/harvester.ts";
import type { HarvesterProtocol } from "../actors/harvester/protocol.ts";
import type { SentinelProtocol } from "../actors/sentinel/protocol.ts";
import { createCcxtMarketData } from "../exchanges/ccxt/market-data.ts";
import { type Clock, fastClock, machineClock } from "../runtime/clock.ts";
import type { Protocol, Ref } from "../runtime/protocol.ts";
import type { ActorContext } from "../runtime/spec.ts";
import { StepWatch } from "../runtime/step-watch.ts";
import { LeaseHolder } from "../vault/broker/holder.ts";
import type { LeaseAnswer } from "../vault/lease.ts";
import { askForOandaSealed, OANDA, OANDA_SECRET, openOanda } from "./oanda.ts";
import { random } from "./random.ts";

/** What the process of a forked harvester is told; JSON-safe and without secrets. */
export interface ForkedHarvesterParams {
  readonly exchange: string;
  readonly baseUrl: string | null;
  readonly deadlineMs: number;
  readonly maxSockets: number;
  readonly storeTimeoutMs: number;
  /**
   * The hub's clock, where it is not the machine's: what it showed at which of the machine's monotonic
   * times, and how fast it runs.
   */
  readonly clock: {
    readonly hubMs: number;
    readonly monotonicMs: number;
    readonly speed: number;
  } | null;
}

/** Makes the harvester of one exchange in a process of its own; it speaks to the hub by path. */
export default async function forkedHarvester(
  params: ForkedHarvesterParams,
  context: ActorContext<HarvesterProtocol>,
): Promise<Harvester> {
  const { exchange, baseUrl, deadlineMs, maxSockets, storeTimeoutMs } = params;
  const clock = sameClock(params.clock);
  const steps = new StepWatch(clock, machineClock);
  steps.start();
  const commander = found<CommanderProtocol>(context, "commander");
  const way = { baseUrl: baseUrl ?? undefined, deadlineMs, budgetPart: "candles" } as const;
  const common = { clock, machineClock, ...way, random };
  const sentinel = found<SentinelProtocol>(context, "sentinel");
  const ask = (): Promise<LeaseAnswer> => askForOandaSealed(sentinel);
  const account = new LeaseHolder({ secret: OANDA_SECRET, ask, machineClock });
  const market =
    exchange === OANDA
      ? openOanda(common, account)
      : await createCcxtMarketData({ ...common, exchange, maxSockets });
  return new Harvester(
    {
      market,
      architect: found<ArchitectProtocol>(context, "architect"),
      commander: () => commander,
      clock,
      machineClock,
      steps,
      publish: (fact) => commander.tell("fact", fact),
      storeTimeoutMs,
      onRevoked: (secret) => account.revoked(secret),
    },
    context,
  );
}

function found<P extends Protocol>(context: ActorContext<HarvesterProtocol>, id: string): Ref<P> {
  const ref = context.find<P>(id);
  if (ref === undefined) throw new Error(`there is no ${id} to speak to`);
  return ref;
}

/** What a process of its own is told of the hub's clock. */
export function sharedClock(clock: Clock, speed: number): ForkedHarvesterParams["clock"] {
  if (clock === machineClock) return null;
  return { hubMs: clock.nowMs(), monotonicMs: machineClock.monotonicMs(), speed };
}

/** The hub's clock as it runs in the parent: processes of one machine share its monotonic time. */
function sameClock(clock: ForkedHarvesterParams["clock"]): Clock {
  if (clock === null) return machineClock;
  const { hubMs, monotonicMs, speed } = clock;
  return fastClock(speed, hubMs + (machineClock.monotonicMs() - monotonicMs) * speed);
}
