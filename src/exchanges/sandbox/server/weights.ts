/** Weight of an order book by the number of levels asked for. */
export function depthWeight(limit: number): number {
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1_000 ? 50 : 250;
}

/** Weight of day statistics by the number of pairs; undefined means all of them. */
export function dayStatsWeight(symbols: number | undefined): number {
  if (symbols === undefined || symbols > 100) return 80;
  return symbols > 20 ? 40 : 2;
}

/** Weight of prices and best quotes: one pair, or several. */
export function quoteWeight(isOne: boolean): number {
  return isOne ? 2 : 4;
}
