import { type Halt, scopeKey } from "../../../src/market/halt.ts";
import type { HubProcess } from "./hub-process.ts";

interface Watched {
  readonly pair: string;
  readonly timeframe: string;
}

const SCOPE = { kind: "exchange", exchange: "kraken" } as const;

/** What an operator wishes of a hub that is killed under his hands: what he was told is done must stay done. */
export class Wishes {
  readonly #pairs: readonly string[];
  readonly #followed: string[] = [];
  #isHalted = false;
  /** The last wish was not answered: it may have been done or not. */
  #isOpen = false;

  /** @param pairs to be followed in 15m, one after the other. */
  constructor(pairs: readonly string[]) {
    this.#pairs = pairs;
  }

  /** One wish after the other, until the hub is gone. */
  async make(hub: HubProcess): Promise<void> {
    try {
      for (;;) {
        this.#isOpen = true;
        const path = this.#isHalted ? "/api/v1/resume" : "/api/v1/halt";
        const { status } = await hub.post(path, { scope: SCOPE });
        if (status !== 200) throw new Error(`${path} answered ${status}`);
        this.#isHalted = !this.#isHalted;
        this.#isOpen = false;
        await this.#follow(hub);
      }
    } catch {
      // The hub was killed under way.
    }
  }

  /** What a hub that was started again does not know of that was acknowledged. */
  async forgotten(hub: HubProcess): Promise<string[]> {
    const { halts } = await hub.get<{ halts: Halt[] }>("/api/v1/halts");
    const { watchlist } = await hub.get<{ watchlist: Watched[] }>("/api/v1/watchlist");
    const stands = halts.some(({ scope }) => scopeKey(scope) === scopeKey(SCOPE));
    const there = new Set(
      watchlist.filter((one) => one.timeframe === "15m").map(({ pair }) => pair),
    );
    const lost = this.#followed.filter((pair) => !there.has(pair));
    const isWrong = stands !== this.#isHalted && !this.#isOpen;
    this.#isHalted = stands;
    return [...(isWrong ? [`the halt ${stands ? "stands" : "is gone"}`] : []), ...lost];
  }

  async #follow(hub: HubProcess): Promise<void> {
    const pair = this.#pairs[this.#followed.length];
    if (pair === undefined) return;
    const series = { exchange: "binance", pair, timeframe: "15m" };
    const { status } = await hub.post("/api/v1/watchlist", series);
    // One that was written down before the answer was cut off is there already.
    if ([200, 201, 202].includes(status)) this.#followed.push(pair);
  }
}
