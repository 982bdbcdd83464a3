import { DAY_MS, type Retention } from "../../config/retention.ts";
import { TIMEFRAMES } from "../../market/timeframe.ts";
import type { CandleAge, Forgettable, Step, UpkeepStore } from "../../store/upkeep-port.ts";

/** One thing to be done for the database, by steps that are repeated while there is more. */
export interface Chore {
  /** For people, and unique. */
  readonly name: string;
  /** When it fails it waits for the next day: trying at once costs more than it gains. */
  readonly canWait?: true;
  step(): Promise<Step<{ readonly removed: { readonly [what: string]: number } }>>;
}

/** A month is over for some days before its candles are put in order: late ones have come by then. */
const SETTLED_MS = 7 * DAY_MS;

const FORGETTABLE: readonly Forgettable[] = [
  "gaps",
  "queue", // before the verdicts, which stay as long as it names them
  "verdicts",
  "events",
  "prices",
  "pings",
];

/** Everything that is due at an instant of the hub's clock, in the order in which it is best done. */
export function choresOf(upkeep: UpkeepStore, retention: Retention, nowMs: number): Chore[] {
  const before = (days: number | null): number | null =>
    days === null ? null : nowMs - days * DAY_MS;
  const revisedBefore = before(retention.revisions) ?? undefined;
  const chores: Chore[] = [];
  for (const timeframe of TIMEFRAMES) {
    const days = retention.candles[timeframe];
    if (days === null && revisedBefore === undefined) continue;
    const keepMs = days === null ? null : days * DAY_MS;
    chores.push(...candleChores(upkeep, { timeframe, keepMs, nowMs }, revisedBefore));
  }
  for (const what of FORGETTABLE) {
    const beforeMs = before(retention[what]);
    if (beforeMs === null) continue;
    chores.push({
      name: `forget ${what}`,
      step: () => counted(upkeep.forget(what, beforeMs), ({ rows }) => ({ [what]: rows })),
    });
  }
  chores.push({
    name: "put a month in order",
    canWait: true,
    step: () => counted(upkeep.tidy(nowMs - SETTLED_MS), () => ({})),
  });
  return chores;
}

/** Old forms go first: their month then leaves nothing behind in the proof of what stays. */
function candleChores(
  upkeep: UpkeepStore,
  age: CandleAge,
  revisedBefore: number | undefined,
): Chore[] {
  const { timeframe } = age;
  return [
    {
      name: `remove old ${timeframe} candles`,
      step: () =>
        counted(upkeep.trim(age, revisedBefore), ({ candles, revisions, gaps }) => ({
          candles,
          revisions,
          gaps,
        })),
    },
    {
      name: `drop old months of ${timeframe}`,
      step: () => counted(upkeep.retire(age), ({ rows }) => ({ candles: rows })),
    },
  ];
}

async function counted<Done>(
  asked: Promise<Step<Done>>,
  count: (done: Done) => { readonly [what: string]: number },
): ReturnType<Chore["step"]> {
  const step = await asked;
  return step.kind === "busy" ? step : { kind: "done", more: step.more, removed: count(step) };
}
