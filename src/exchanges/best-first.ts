import { decimal } from "../market/decimal.ts";
import type { BookLevel } from "./port.ts";

/** One side of a book with the best price first, whatever order the venue has: exact, not by text. */
export function bestFirst(
  levels: readonly BookLevel[],
  side: "bids" | "asks",
): readonly BookLevel[] {
  const direction = side === "asks" ? 1 : -1;
  const known = levels.map((level) => ({ level, near: Number(level.price) }));
  known.sort((a, b) => direction * (a.near - b.near || exactly(a.level, b.level)));
  return known.map(({ level }) => level);
}

/** Doubles keep the order of decimals, save for those that are one double. */
function exactly(a: BookLevel, b: BookLevel): number {
  return a.price === b.price ? 0 : (decimal(a.price).comparedTo(decimal(b.price)) ?? 0);
}
