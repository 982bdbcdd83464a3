import { assetsOf } from "../../market/series.ts";

/** A handful is enough to see a slip of the pen. */
const MOST_SIMILAR = 8;

/** Pairs a person may have meant: those with the same base or with one like it, and the same quote first. */
export function similarPairs(wished: string, listed: readonly string[]): string[] {
  const { base, quote } = assetsOf(wished);
  const score = (pair: string): number => {
    const other = assetsOf(pair);
    const sameBase = other.base === base ? 4 : 0;
    const likeBase =
      base !== "" && (other.base.startsWith(base) || base.startsWith(other.base)) ? 2 : 0;
    return sameBase + likeBase + (other.quote === quote ? 1 : 0);
  };
  return listed
    .map((pair) => ({ pair, score: score(pair) }))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score || a.pair.localeCompare(b.pair))
    .slice(0, MOST_SIMILAR)
    .map((candidate) => candidate.pair);
}
