import { type Halt, scopeKey } from "../../../src/market/halt.ts";
import type { HubProcess } from "./hub-process.ts";

interface Watched {
  readonly pair: string;
  readonly timeframe: string;
}

const SCOPE = { kind: "exchange", exchange: "kraken" } as const;
const TIMEFRAME = "15m";
/** An operator takes a breath between two wishes. */
const PAUSE_MS = 50;
/** So many series are followed before the first of them is let go again. */
const MOST_FOLLOWED = 5;

/** What `fetch` says of a hub that went away under it. */
const CUT_OFF: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ECONNRESET", "UND_ERR_SOCKET"]);

function isCutOff(error: unknown): boolean {
  if (!(error instanceof TypeError)) return false;
  const { cause } = error;
  return cause instanceof Error && "code" in cause && CUT_OFF.has(cause.code);
}

/**
 * What an operator wishes of a hub that is killed under his hands: what he was told is done must stay
 * done, and what he was not told of is done or not done, but nothing between.
 */
export class Wishes {
  readonly #pairs: readonly string[];
  /** What was acknowledged last, by what it is about; without a word for what was never. */
  readonly #told = new Map<string, boolean>();
  /** What the wish that was not answered is about: it may have been done or not. */
  #open: string | undefined;
  #made = 0;
  #acknowledged = 0;

  /** @param pairs to be followed in 15m and let go, one after the other. */
  constructor(pairs: readonly string[]) {
    this.#pairs = pairs;
  }

  /** How many wishes were answered. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** One wish after the other, until the hub is gone. @throws when it answers what nobody expects. */
  async make(hub: HubProcess): Promise<void> {
    try {
      for (;;) {
        await this.#makeOne(hub);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    } catch (error) {
      if (!isCutOff(error)) throw error;
    }
  }

  /** What a hub that was started again knows otherwise than it was acknowledged. */
  async forgotten(hub: HubProcess): Promise<string[]> {
    const { halts } = await hub.get<{ halts: Halt[] }>("/api/v1/halts");
    const { watchlist } = await hub.get<{ watchlist: Watched[] }>("/api/v1/watchlist");
    const there = new Set(
      watchlist.filter((one) => one.timeframe === TIMEFRAME).map(({ pair }) => pair),
    );
    const isHalted = halts.some(({ scope }) => scopeKey(scope) === scopeKey(SCOPE));
    const stands = (about: string): boolean => (about === "halt" ? isHalted : there.has(about));
    const wrong = [...this.#told].filter(
      ([about, wanted]) => about !== this.#open && stands(about) !== wanted,
    );
    if (this.#open !== undefined) this.#told.set(this.#open, stands(this.#open));
    this.#open = undefined;
    return wrong.map(([about, wanted]) => `${about} ${wanted ? "is gone" : "came back"}`);
  }

  async #makeOne(hub: HubProcess): Promise<void> {
    this.#made += 1;
    if (this.#made % 3 === 0) {
      const wanted = this.#told.get("halt") !== true;
      const path = wanted ? "/api/v1/halt" : "/api/v1/resume";
      await this.#ask("halt", wanted, [200], () => hub.post(path, { scope: SCOPE }));
      return;
    }
    const followed = this.#pairs.filter((pair) => this.#told.get(pair) === true);
    const oldest = followed[0];
    if (oldest !== undefined && followed.length >= MOST_FOLLOWED) {
      const path = `/api/v1/watchlist/binance/${encodeURIComponent(oldest)}/${TIMEFRAME}`;
      await this.#ask(oldest, false, [200], () => hub.request(path, { method: "DELETE" }));
      return;
    }
    const pair = this.#pairs[this.#made % this.#pairs.length] ?? "";
    const series = { exchange: "binance", pair, timeframe: TIMEFRAME };
    // 202: written down, and followed once its exchange is this hub's and answers.
    const done = [200, 201, 202];
    await this.#ask(pair, true, done, () => hub.post("/api/v1/watchlist", series));
  }

  async #ask(
    about: string,
    wanted: boolean,
    done: readonly number[],
    ask: () => Promise<{ status: number; body: unknown }>,
  ): Promise<void> {
    this.#open = about;
    const { status, body } = await ask();
    if (!done.includes(status)) {
      throw new Error(`a wish about ${about} was answered ${status}: ${JSON.stringify(body)}`);
    }
    this.#told.set(about, wanted);
    this.#open = undefined;
    this.#acknowledged += 1;
  }
}
