import { createCcxtMarketData } from "../exchanges/ccxt/market-data.ts";
import { CCXT_EXCHANGES } from "../exchanges/ccxt/venues.ts";
import { ClockKeeper } from "../exchanges/clock-keeper.ts";
import { ExchangeFailure } from "../exchanges/errors.ts";
import type { BudgetPart } from "../exchanges/limiter/limits.ts";
import type { MarketData } from "../exchanges/port.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Cancel, Clock } from "../runtime/clock.ts";
import type { StepWatch } from "../runtime/step-watch.ts";
import { LeaseHolder } from "../vault/broker/holder.ts";
import type { LeaseAnswer } from "../vault/lease.ts";
import { OANDA, OANDA_SECRET, openOanda } from "./oanda.ts";

/** Every exchange the hub knows outside of the sandbox. */
export const EXCHANGES: readonly string[] = [...CCXT_EXCHANGES, OANDA];

export interface ExchangesOptions {
  /** Where the sandbox exchange listens; it plays binance. Undefined for real market data. */
  readonly sandboxUrl: string | undefined;
  /** In place of OANDA's own addresses. */
  readonly oandaUrl?: string;
  readonly clock: Clock;
  readonly machineClock: Clock;
  /** Tells when the hub's clock was set or the machine slept. */
  readonly steps: Pick<StepWatch, "onStep">;
  readonly deadlineMs: number;
  readonly maxSockets: number;
  /** Which of the calls are made from here. */
  readonly budgetPart: BudgetPart;
  readonly random: () => number;
  readonly onFailure: (what: string, error: unknown) => void;
}

/** Limits and steps change now and then; new pairs are listed every day. Machine ms. */
const CATALOGUE_EVERY_MS = 60 * 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** The exchange that the sandbox's dialect belongs to. */
const SANDBOX_PLAYS = "binance";

/** Market data of each exchange in use: opened once, shared by all, since they share one budget. */
export class Exchanges {
  readonly ids: readonly string[];
  readonly #options: ExchangesOptions;
  readonly #opening = new Map<string, Promise<MarketData>>();
  readonly #open = new Map<string, MarketData>();
  readonly #instruments = new Map<string, Instrument>();
  readonly #timers = new Map<string, Cancel>();
  /** Of the exchanges whose clock is measured from here. */
  readonly #clocks = new Map<string, ClockKeeper>();
  readonly #account: LeaseHolder;
  #askForAccount: (() => Promise<LeaseAnswer>) | undefined;
  #isClosed = false;

  constructor(options: ExchangesOptions) {
    this.#options = options;
    const { machineClock } = options;
    const ask = (): Promise<LeaseAnswer> => this.#ask();
    this.#account = new LeaseHolder({ secret: OANDA_SECRET, ask, machineClock });
    this.ids = options.sandboxUrl === undefined ? EXCHANGES : [SANDBOX_PLAYS];
  }

  get steps(): ExchangesOptions["steps"] {
    return this.#options.steps;
  }

  /** Where an exchange is when it is not the real one. */
  baseUrl(exchange: string): string | undefined {
    const { sandboxUrl, oandaUrl } = this.#options;
    return exchange === OANDA ? oandaUrl : sandboxUrl;
  }

  /** From now on the account of OANDA is to be had; nothing can be asked there before. */
  lendBy(ask: () => Promise<LeaseAnswer>): void {
    this.#askForAccount = ask;
  }

  /** Told which secret has changed: the next request asks for the new one. */
  revoked(secret: string): void {
    this.#account.revoked(secret);
  }

  /** Opens an exchange unless it is open. */
  async open(exchange: string): Promise<MarketData> {
    const known = this.#opening.get(exchange);
    if (known !== undefined) return known;
    const opening = this.#create(exchange);
    this.#opening.set(exchange, opening);
    // What failed once may work the next time it is asked for.
    opening.catch(() => this.#opening.delete(exchange));
    const market = await opening;
    this.#open.set(exchange, market);
    this.#refreshCatalogue(market, FIRST_RETRY_MS);
    return market;
  }

  /** An exchange that the hub knows, opened unless it is open; undefined for any other. */
  async reach(exchange: string): Promise<MarketData | undefined> {
    return this.ids.includes(exchange) ? this.open(exchange) : undefined;
  }

  /** An exchange that is open. */
  market(exchange: string): MarketData | undefined {
    return this.#open.get(exchange);
  }

  all(): readonly MarketData[] {
    return [...this.#open.values()];
  }

  /** What a venue allows for a pair, as it said last. */
  instrument(exchange: string, pair: string): Instrument | undefined {
    return this.#instruments.get(`${exchange}:${pair}`);
  }

  /**
   * Opens an exchange and measures its clock again and again. For one whose harvester lives in another
   * process: that one measures for itself alone, and what is asked from here would never be measured.
   */
  keepClock(exchange: string): void {
    if (this.#clocks.has(exchange)) return;
    const { clock, steps, onFailure } = this.#options;
    const failed = (error: unknown): undefined => {
      if (!this.#isClosed) onFailure(`clock of ${exchange}`, error);
    };
    const measure = async (): Promise<number | undefined> => {
      const market = await this.open(exchange);
      return market.measureClock();
    };
    const keeper = new ClockKeeper({
      clock,
      steps,
      measure: () => measure().catch(failed),
      onError: failed,
    });
    this.#clocks.set(exchange, keeper);
    keeper.start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const cancel of this.#timers.values()) cancel();
    for (const keeper of this.#clocks.values()) keeper.stop();
    await Promise.all(this.all().map((market) => market.close()));
  }

  async #create(exchange: string): Promise<MarketData> {
    const { clock, machineClock, deadlineMs, random, maxSockets, budgetPart } = this.#options;
    const baseUrl = this.baseUrl(exchange);
    const common = { clock, machineClock, baseUrl, deadlineMs, random, budgetPart };
    if (exchange === OANDA) return openOanda(common, this.#account);
    return createCcxtMarketData({ ...common, exchange, maxSockets });
  }

  async #ask(): Promise<LeaseAnswer> {
    if (this.#askForAccount !== undefined) return this.#askForAccount();
    throw new ExchangeFailure(OANDA, "transient", "nobody lends the account yet");
  }

  #refreshCatalogue(market: MarketData, retryMs: number): void {
    const { exchange } = market;
    const fresh = this.#timers.has(exchange);
    const reading = market.instruments({ fresh }).then(
      (instruments) => {
        for (const one of instruments) this.#instruments.set(`${exchange}:${one.pair}`, one);
        this.#later(market, CATALOGUE_EVERY_MS, FIRST_RETRY_MS);
      },
      (error: unknown) => {
        if (this.#isClosed) return;
        this.#options.onFailure(`pairs of ${exchange}`, error);
        this.#later(market, retryMs, Math.min(LONGEST_RETRY_MS, retryMs * 2));
      },
    );
    void reading;
  }

  #later(market: MarketData, waitMs: number, retryMs: number): void {
    if (this.#isClosed) return;
    const cancel = this.#options.machineClock.after(waitMs, () =>
      this.#refreshCatalogue(market, retryMs),
    );
    this.#timers.set(market.exchange, cancel);
  }
}
