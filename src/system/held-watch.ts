import { PRIORITY, type Quote } from "../exchanges/port.ts";
import type { HubEvent } from "../market/events.ts";
import type { Cancel, Clock } from "../runtime/clock.ts";
import type { RiskState, TradeStore } from "../store/trade-port.ts";
import type { Exchanges } from "./exchanges.ts";

export interface HeldWatchDeps {
  readonly trade: Pick<TradeStore, "riskState">;
  readonly exchanges: Pick<Exchanges, "reach">;
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly publish: (event: HubEvent) => void;
  readonly onFailure: (what: string, error: unknown) => void;
}

/** Machine ms. */
const LOOK_EVERY_MS = 15_000;
/** Every exchange is out of reach for a moment now and then; longer than this is worth a word. */
const SILENT_MS = 30_000;

/** Whether a position has a quote, or cannot have one since its market is closed. */
type Standing = "quoted" | "closed";

interface Silence {
  /** When the position was first seen without a quote, monotonic ms. */
  readonly since: number;
  readonly isTold: boolean;
}

/**
 * Sees to it that what is held and what is on order can be traded, whatever is followed: opens the
 * exchanges of it, and tells when a position has had no quote for long, since neither its stop nor its
 * target can be reached meanwhile.
 */
export class HeldWatch {
  readonly #deps: HeldWatchDeps;
  /** Positions without a quote, by id. */
  #silences = new Map<string, Silence>();
  #cancel: Cancel | undefined;
  #isOver = false;

  constructor(deps: HeldWatchDeps) {
    this.#deps = deps;
  }

  /** Opens what is needed now, and looks again and again from then on. */
  async start(): Promise<void> {
    const exchanges = exchangesOf(await this.#risk());
    await Promise.all(exchanges.map((exchange) => this.#open(exchange)));
    this.#lookLater();
  }

  stop(): void {
    this.#isOver = true;
    this.#cancel?.();
  }

  #lookLater(): void {
    this.#cancel = this.#deps.machineClock.after(LOOK_EVERY_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      const risk = await this.#risk();
      const standings = await Promise.all(
        exchangesOf(risk).map((exchange) => this.#standingsOn(exchange, risk)),
      );
      if (!this.#isOver) this.#tell(risk.positions, new Map(standings.flat()));
    } catch (error) {
      // Without the database nobody knows what is held; whoever writes to it tells that it is away.
      if (!this.#isOver) this.#deps.onFailure("what is held", error);
    }
    if (!this.#isOver) this.#lookLater();
  }

  #risk(): Promise<RiskState> {
    const { trade, clock } = this.#deps;
    return trade.riskState(clock.nowMs());
  }

  #open(exchange: string): ReturnType<Exchanges["reach"]> {
    return this.#deps.exchanges.reach(exchange).catch((error: unknown) => {
      if (!this.#isOver) this.#deps.onFailure(`opening ${exchange}`, error);
      return undefined;
    });
  }

  /** How it stands with the positions on an exchange, by id; nothing of those that lack a quote. */
  async #standingsOn(exchange: string, { positions }: RiskState): Promise<[string, Standing][]> {
    const held = positions.filter((position) => position.exchange === exchange);
    const market = await this.#open(exchange);
    if (market === undefined || held.length === 0) return [];
    const pairs = held.map(({ pair }) => pair);
    // Why there is no quote is the trader's to know; that there is none is all that matters here.
    const none = (): readonly Quote[] => [];
    const options = { priority: PRIORITY.quote, recent: true } as const;
    const quotes = await market.quotes(pairs, options).catch(none);
    const quoted = new Set(quotes.map(({ pair }) => pair));
    const now = market.exchangeNowMs();
    return held.flatMap(({ id, pair }): [string, Standing][] => {
      if (quoted.has(pair)) return [[id, "quoted"]];
      return market.isOpen(pair, now, now + 1) ? [] : [[id, "closed"]];
    });
  }

  #tell(positions: RiskState["positions"], standings: ReadonlyMap<string, Standing>): void {
    const { publish, machineClock } = this.#deps;
    const now = machineClock.monotonicMs();
    const silences = new Map<string, Silence>();
    for (const { id, exchange, pair } of positions) {
      const silence = this.#silences.get(id) ?? { since: now, isTold: false };
      const standing = standings.get(id);
      if (standing === "quoted") {
        if (silence.isTold) publish({ kind: "quotes-back", exchange, pair });
        continue;
      }
      if (standing === "closed") {
        // No news over a weekend; what was told before it is taken back after it.
        if (silence.isTold) silences.set(id, silence);
        continue;
      }
      const isTold = now - silence.since >= SILENT_MS;
      if (isTold && !silence.isTold) publish({ kind: "quotes-lost", exchange, pair });
      silences.set(id, { ...silence, isTold });
    }
    this.#silences = silences;
  }
}

/** Where something is held or on order. */
function exchangesOf({ positions, working }: RiskState): string[] {
  return [...new Set([...positions, ...working].map(({ exchange }) => exchange))];
}
