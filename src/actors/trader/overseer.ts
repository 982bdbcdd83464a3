import type { HubEvent } from "../../market/events.ts";
import { type Halt, type HaltOrder, scopeKey } from "../../market/halt.ts";
import { markToMarket } from "../../market/portfolio.ts";
import {
  type AutomaticHalts,
  type Danger,
  dangersOf,
  type ExchangeSituation,
} from "../../risk/automatic-halts.ts";
import type { RiskLimits } from "../../risk/limits.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { RiskState, TradeStore } from "../../store/trade-port.ts";
import type { PriceOf } from "./held-prices.ts";
import { Pace } from "./pace.ts";

/** What the hub watches to halt by itself. */
export interface Oversight {
  readonly limits: RiskLimits;
  readonly modes: AutomaticHalts;
  /** What is known of every exchange that is in use. */
  readonly exchanges: () => readonly ExchangeSituation[];
}

export interface OverseerDeps {
  readonly trade: Pick<TradeStore, "riskState" | "halt" | "resume">;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly publish: (event: HubEvent) => void;
  readonly oversight: Oversight;
  /** Runs a call of the store, however long that is away. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
}

/** Who halts when nobody did; people are told this name. */
const BY = "hub";
const DAY_MS = 86_400_000;
/** How often it looks, hub ms. */
const LOOK_EVERY_MS = 1_000;

/**
 * Halts trading when a danger is found and nobody has to be asked: too great a loss, exchanges whose
 * data are old or whose clock is off. What the store says stands is what stands: it keeps nothing but
 * which dangers somebody took upon himself by lifting their halt; those come back once they were over.
 */
export class Overseer {
  readonly #deps: OverseerDeps;
  readonly #pace: Pace;
  /** Halts of its own that stood when it looked last. */
  readonly #stood = new Set<string>();
  /** Dangers whose halt was lifted while they lasted. */
  readonly #accepted = new Set<string>();

  constructor(deps: OverseerDeps) {
    this.#deps = deps;
    this.#pace = new Pace(deps.clock, deps.machineClock, LOOK_EVERY_MS);
  }

  /** Looks, when it is time to. @param priceOf what is held. */
  async look(priceOf: PriceOf): Promise<void> {
    const now = this.#pace.due();
    if (now === undefined) return;
    const { trade, oversight, run } = this.#deps;
    const dayStart = Math.floor(now / DAY_MS) * DAY_MS;
    const risk = await run(() => trade.riskState(dayStart));
    const situation = {
      account: risk.account,
      equity: equityOf(risk, priceOf),
      dayStart,
      exchanges: oversight.exchanges(),
    };
    const standing = new Map(risk.halts.map((halt) => [keyOf(halt), halt]));
    for (const danger of dangersOf(situation, oversight.limits, oversight.modes)) {
      await this.#answer(danger, standing.get(keyOf(danger)), dayStart);
    }
    this.#pace.done(now);
  }

  async #answer(danger: Danger, stands: Halt | undefined, dayStart: number): Promise<void> {
    const key = keyOf(danger);
    const stood = this.#stood.has(key);
    if (danger.reason === null) this.#accepted.delete(key);
    else if (stood && stands === undefined) this.#accepted.add(key);
    if (stands === undefined) {
      const isNew = typeof danger.reason === "string" && !this.#accepted.has(key);
      const isRaised = isNew && danger.mode !== "off" && (await this.#raise(danger, danger.mode));
      this.#note(key, isRaised);
      return;
    }
    const isOver = isEnded(danger, stands, dayStart);
    if (isOver) await this.#lift(stands);
    this.#note(key, !isOver);
  }

  async #raise({ scope, cause, reason }: Danger, mode: Halt["mode"]): Promise<true> {
    const { trade, clock, publish, run } = this.#deps;
    const halt: HaltOrder = { scope, mode, cause, by: BY, reason: reason ?? cause };
    const { changed } = await run(() => trade.halt(halt, clock.nowMs()));
    if (changed) publish({ kind: "trading-halted", ...halt });
    return true;
  }

  async #lift({ scope, mode, cause }: Halt): Promise<void> {
    const { trade, clock, publish, run } = this.#deps;
    const ended = await run(() => trade.resume(scope, BY, clock.nowMs(), cause));
    const reason = "what it was for is over";
    if (ended > 0) publish({ kind: "trading-resumed", scope, mode, cause, by: BY, reason });
  }

  #note(key: string, stands: boolean): void {
    if (stands) this.#stood.add(key);
    else this.#stood.delete(key);
  }
}

/** Whether a halt that stands has done its work. */
function isEnded({ ends, mode, reason }: Danger, { at }: Halt, dayStart: number): boolean {
  if (mode === "off") return true;
  switch (ends) {
    case "when-over":
      return reason === null;
    case "next-day":
      return at < dayStart && reason === null;
    case "by-hand":
      return false;
  }
}

function keyOf({ scope, cause }: Pick<HaltOrder, "scope" | "cause">): string {
  return `${scopeKey(scope)} ${cause}`;
}

/** What the account is worth; undefined while nobody knows it of something held. */
function equityOf({ account, positions }: RiskState, priceOf: PriceOf): string | undefined {
  const isKnown = positions.every(({ exchange, pair }) => priceOf(exchange, pair) !== undefined);
  return isKnown ? markToMarket(account, positions, priceOf).equity : undefined;
}
