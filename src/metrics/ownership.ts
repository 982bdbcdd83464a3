import type { Portfolio } from "../market/portfolio.ts";
import type { Series } from "../market/series.ts";

/** What stands where no portfolio follows a pair any more. */
const NOBODY = "none";

/** Which portfolio a pair belongs to: events name the pair, metrics name the portfolio. */
export class Ownership {
  #owners = new Map<string, string>();
  #series: readonly Series[] = [];

  set(portfolios: readonly Portfolio[]): void {
    this.#owners = new Map();
    this.#series = portfolios.flatMap(({ series }) => series);
    for (const portfolio of portfolios) {
      for (const series of portfolio.series) {
        const key = keyOf(series);
        if (!this.#owners.has(key)) this.#owners.set(key, portfolio.name);
      }
    }
  }

  /** Every series that a portfolio follows. */
  get series(): readonly Series[] {
    return this.#series;
  }

  of(where: Pick<Series, "exchange" | "pair">): string {
    return this.#owners.get(keyOf(where)) ?? NOBODY;
  }
}

function keyOf({ exchange, pair }: Pick<Series, "exchange" | "pair">): string {
  return `${exchange}:${pair}`;
}
