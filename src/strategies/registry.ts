import { FailureError } from "../runtime/errors.ts";
import { bollingerBreakout } from "./bollinger-breakout.ts";
import { emaCross } from "./ema-cross.ts";
import { loadStrategies } from "./load.ts";
import { macdAdxTrend } from "./macd-adx-trend.ts";
import { momentum } from "./momentum.ts";
import { rsiReversion } from "./rsi-reversion.ts";
import type { Strategy } from "./strategy.ts";

/** The strategies that come with the hub. */
export const builtInStrategies: readonly Strategy[] = [
  emaCross,
  rsiReversion,
  macdAdxTrend,
  bollingerBreakout,
  momentum,
];

/** The strategies the hub knows, each under its own id. */
export class StrategyRegistry {
  readonly #byId = new Map<string, Strategy>();

  /** @throws FailureError when two strategies have the same id. */
  constructor(strategies: Iterable<Strategy>) {
    for (const strategy of strategies) {
      if (this.#byId.has(strategy.id)) {
        throw new FailureError("strategy-duplicate", `two strategies are named ${strategy.id}`, {
          retry: "never",
        });
      }
      this.#byId.set(strategy.id, strategy);
    }
  }

  get(id: string): Strategy | undefined {
    return this.#byId.get(id);
  }

  ids(): readonly string[] {
    return [...this.#byId.keys()];
  }

  list(): readonly Strategy[] {
    return [...this.#byId.values()];
  }
}

/**
 * The built-in strategies, and those of a folder when one is named.
 * @throws FailureError for a file that holds no strategy, and for an id that is there already.
 */
export async function createRegistry(folder?: string): Promise<StrategyRegistry> {
  const own = folder === undefined ? [] : await loadStrategies(folder);
  return new StrategyRegistry([...builtInStrategies, ...own]);
}
