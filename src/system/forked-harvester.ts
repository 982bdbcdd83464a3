import type { ArchitectProtocol } from "../actors/architect/protocol.ts";
import type { CommanderProtocol } from "../actors/commander/protocol.ts";
import { Harvester } from "../actors/harvester/harvester.ts";
import type { HarvesterProtocol } from "../actors/harvester/protocol.ts";
import type { SentinelProtocol } from "../actors/sentinel/protocol.ts";
import { createCcxtMarketData } from "../exchanges/ccxt/market-data.ts";
import { type Clock, fastClock, machineClock } from "../runtime/clock.ts";
import type { Protocol, Ref } from "../runtime/protocol.ts";
import type { ActorContext } from "../runtime/spec.ts";
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
  /** The hub's clock: what it showed at which machine time, and how fast it runs. */
  readonly clock: { readonly hubMs: number; readonly machineMs: number; readonly speed: number };
}

/** Makes the harvester of one exchange in a process of its own; it speaks to the hub by path. */
export default async function forkedHarvester(
  params: ForkedHarvesterParams,
  context: ActorContext<HarvesterProtocol>,
): Promise<Harvester> {
  const { exchange, baseUrl, deadlineMs, maxSockets, storeTimeoutMs } = params;
  const clock = sameClock(params.clock);
  const commander = found<CommanderProtocol>(context, "commander");
  const common = { clock, machineClock, baseUrl: baseUrl ?? undefined, deadlineMs, random };
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

/** The hub's clock as it runs in the parent, to within the machine's own clock. */
function sameClock({ hubMs, machineMs, speed }: ForkedHarvesterParams["clock"]): Clock {
  const now = machineClock.nowMs();
  return fastClock(speed, hubMs + (now - machineMs) * speed);
}
