import type { DecimalText } from "../market/decimal.ts";
import type { HubEvent } from "../market/events.ts";
import type { Cancel } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import { type ComparisonView, LastComparison } from "./last-comparison.ts";
import { LastPrices } from "./prices.ts";
import { Tally, type TallyView } from "./tally.ts";
import { CHANGES, type Facts, type ViewDeps, ViewReader } from "./view-reader.ts";

const EVERY_MS = 5_000;
/** Events come in bursts: one reading serves all that come within this time. */
const SETTLE_MS = 200;

/** What is known now, whatever state the database is in. */
export interface Picture extends Facts {
  readonly storeState: "ok" | "offline";
  /** Why the store is offline; null while it is not. */
  readonly storeReason: string | null;
  /** When {@link Facts} were last read, UTC ms on the hub's clock; null before the first time. */
  readonly asOf: number | null;
  readonly tally: TallyView;
  readonly comparison: ComparisonView;
}

/** The read model behind Chatty's paths: always at hand, never waiting for the database. */
export interface HubView {
  /** Reads the store in the background from now on. */
  start(): void;
  stop(): void;
  /** Reads the store once; never rejects. */
  refresh(): Promise<void>;
  picture(): Picture;
  /** Close of the newest candle of a pair in any timeframe. */
  price(exchange: string, pair: string): DecimalText | undefined;
}

export function createHubView(deps: ViewDeps): HubView {
  return new MemoryView(deps);
}

class MemoryView implements HubView {
  readonly #deps: ViewDeps;
  readonly #prices = new LastPrices();
  readonly #tally: Tally;
  readonly #comparison = new LastComparison();
  readonly #reader: ViewReader;
  readonly #unsubscribe: Cancel;
  /** Why the last reading failed. */
  #readFailure: string | null = null;
  #asOf: number | null = null;
  #running: Promise<void> | undefined;
  #isStale = false;
  #isStarted = false;
  #cancel: Cancel = () => {};
  #isHurried = false;

  constructor(deps: ViewDeps) {
    this.#deps = deps;
    this.#tally = new Tally(deps.clock);
    this.#reader = new ViewReader(deps, this.#prices);
    for (const recorded of deps.events.since(0)) this.#note(recorded.event, recorded.at);
    this.#unsubscribe = deps.events.subscribe(({ event, at }) => {
      this.#note(event, at);
      if (CHANGES.has(event.kind)) this.#hurry();
    });
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.refresh().then(() => this.#later(EVERY_MS));
  }

  stop(): void {
    this.#isStarted = false;
    this.#cancel();
    this.#unsubscribe();
  }

  async refresh(): Promise<void> {
    if (this.#running !== undefined) {
      this.#isStale = true;
      return this.#running;
    }
    this.#running = this.#readUntilFresh();
    await this.#running;
  }

  picture(): Picture {
    const { state, reason } = this.#deps.store.database.health();
    const away = state === "offline" ? reason : null;
    // A database may still read when its disk is full: then only who waits to write knows.
    const storeReason = away ?? this.#deps.gate.reason ?? this.#readFailure;
    return {
      ...this.#reader.facts,
      storeState: storeReason === null ? "ok" : "offline",
      storeReason,
      asOf: this.#asOf,
      tally: this.#tally.view(),
      comparison: this.#comparison.view,
    };
  }

  price(exchange: string, pair: string): DecimalText | undefined {
    return this.#prices.of(exchange, pair);
  }

  async #readUntilFresh(): Promise<void> {
    do {
      this.#isStale = false;
      try {
        await this.#reader.read();
        this.#readFailure = null;
        this.#asOf = this.#deps.clock.nowMs();
      } catch (error) {
        // The last good picture stays, and says that it is old.
        this.#readFailure = messageOf(error);
      }
    } while (this.#isStale);
    this.#running = undefined;
  }

  #note(event: HubEvent, at: number): void {
    this.#prices.note(event);
    this.#tally.note(event, at);
    this.#comparison.note(event, at);
    this.#reader.note(event);
  }

  #hurry(): void {
    if (!this.#isStarted || this.#isHurried) return;
    this.#isHurried = true;
    this.#later(SETTLE_MS);
  }

  #later(waitMs: number): void {
    this.#cancel();
    if (!this.#isStarted) return;
    this.#cancel = this.#deps.machineClock.after(waitMs, () => {
      this.#isHurried = false;
      void this.refresh().then(() => {
        if (!this.#isHurried) this.#later(EVERY_MS);
      });
    });
  }
}
