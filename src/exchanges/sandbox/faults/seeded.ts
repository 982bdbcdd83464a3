import { Draws, keyOf } from "../random.ts";
import { type ByKind, byKind } from "./by-kind.ts";
import { ALL_FAULT_KINDS, type Fault, type FaultKind } from "./kinds.ts";
import { canStrike, type FaultSource, isBetween } from "./source.ts";
import { usualFault } from "./usual-fault.ts";

export interface Seeded {
  readonly seed: string;
  /** Share of the requests that go wrong, 0 to 1. */
  readonly rate: number;
  readonly kinds?: readonly FaultKind[] | undefined;
  /** From when on since the start, and for how long, ms of the exchange's clock. */
  readonly fromMs: number;
  readonly forMs?: number | undefined;
}

/** Outages and bans strike everybody for a while: drawn as often as the others they would be all there is. */
const OUTAGES: ReadonlySet<FaultKind> = new Set([
  "connection-refused",
  "maintenance",
  "http-403",
  "http-418",
  "http-429",
]);
const OUTAGE_SHARE = 0.05;

/**
 * Faults drawn from a seed. What becomes of a request follows from the seed, its path, symbol, interval
 * and number alone, in whatever order requests arrive.
 */
export function seededFaults(plan: Seeded): FaultSource {
  const { seed, rate, kinds = ALL_FAULT_KINDS, fromMs, forMs } = plan;
  const [outages, others] = [true, false].map((isOutage) =>
    kinds.filter((kind) => OUTAGES.has(kind) === isOutage),
  ) as [FaultKind[], FaultKind[]];
  return (asked) => {
    const { path, symbol, interval, call, elapsedMs } = asked;
    if (!isBetween(elapsedMs, fromMs, forMs)) return undefined;
    const draws = new Draws(keyOf(JSON.stringify([seed, path, symbol, interval, call])));
    if (draws.uniform() >= rate) return undefined;
    const isOutage = draws.uniform() < OUTAGE_SHARE;
    const [first, second] = isOutage ? [outages, others] : [others, outages];
    const able = (first.length > 0 ? first : second).filter((kind) => canStrike(kind, asked));
    const kind = able[Math.floor(draws.uniform() * able.length)];
    return kind === undefined ? undefined : drawn(kind, draws);
  };
}

const whole = (draws: Draws, low: number, high: number): number =>
  Math.round(draws.between(low, high));

/** Parameters as they come: late by seconds mostly, now and then past the next close. */
const DRAWN: ByKind<[Draws], Fault> = {
  "slow-headers": (fault, draws) => ({ ...fault, waitMs: whole(draws, 10, 20_000) }),
  "http-429": (fault, draws) => ({ ...fault, retryAfterS: whole(draws, 1, 60) }),
  "http-418": (fault, draws) => ({ ...fault, retryAfterS: whole(draws, 1, 60) }),
  "connection-refused": (fault, draws) => ({ ...fault, lastsMs: whole(draws, 1_000, 60_000) }),
  maintenance: (fault, draws) => ({ ...fault, lastsMs: whole(draws, 60_000, 600_000) }),
  "late-candle": (fault, draws) => ({
    ...fault,
    lateMs: draws.uniform() < 0.1 ? 90_000 : whole(draws, 1_000, 45_000),
  }),
  "duplicate-rows": (fault, draws) => ({ ...fault, conflicting: draws.uniform() < 0.5 }),
  "clock-skew": (fault, draws) => ({
    ...fault,
    skewMs: draws.uniform() < 0.5 ? -fault.skewMs : fault.skewMs,
  }),
};

function drawn(kind: FaultKind, draws: Draws): Fault {
  const fault = usualFault(kind);
  return byKind(DRAWN, fault, draws) ?? fault;
}
